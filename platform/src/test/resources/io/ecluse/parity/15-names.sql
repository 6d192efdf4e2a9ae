-- same
select ID, Name from lab.people where Id = 1

-- same
select "id", "name" from lab.people

-- differs function/`
select `id` from lab.people

-- same
select id as "A b" from lab.people where id = 1

-- differs duckdb
select id as `A b` from lab.people where id = 1

-- same
select "A b" from (select 1 as "A b") t

-- same
select id as "q""q" from lab.people where id = 1

-- same
select ID as Other from LAB.PEOPLE

-- differs name-letters
select id as été from lab.people

-- same
select p.ID from lab.people P

-- same
select id id2 from lab.people

-- differs alias-first
select x: 1

-- same
select 1 as year, 2 as month

-- same
select year from (select 2024 as year) t

-- same
select date from (select date '2024-01-01' as date) t

-- same
select timestamp from (select timestamp '2024-01-01 00:00:00' as timestamp) t

-- same
select key, value from (select 1 as key, 2 as value) t

-- same
select "order" from (select 1 as "order") t

-- same
select "select", "from" from (select 1 as "select", 2 as "from") t

-- same
select name, type, position from (select 'a' as name, 'b' as type, 3 as position) t

-- same
select first, last, rank from (select 1 as first, 2 as last, 3 as rank) t

-- same
select interval from (select 1 as interval) t

-- differs duckdb
select left from (select 1 as left) t

-- same
select user as a from (select 1 as user) t

-- same
select t.end from (select 1 as "end") t

-- same
select 1 as at

-- same
select div from (select 1 as div) t

-- same
select minus from (select 1 as minus) t

-- fail
select id from lab.people where name = "Ann"

-- same
select 'a' as "x", 1 as "X y"

-- same
select a x, a + 1 y from (select 1 as a) t

-- same
select a as x, x + 1 as y from (select 1 as a) t

-- same
select a + 1 as a, a + 2 as b from (select 1 as a) t

-- differs alias-in-where
select id + 1 as next from lab.people where next > 3

-- same
select id as a, count(*) as n from lab.people group by a

-- same
select 1, 2

-- same
select 1 as a -- a comment

-- same
select /* one /* nested */ comment */ 1 as a

-- differs trailing-comma
select 1 as a,

-- differs data/duckdb
select 1 as a;

-- same
SELECT 1 AS a

-- same
select distinct id, id as other from lab.people

-- same
select all id from lab.people

-- same
select count(*) from lab.people

-- same
select max(id) from lab.people

-- same
select id, * from lab.people where id = 1

-- same
select t.* from lab.people t where t.id = 1

-- same
select case when id = 1 then 'one' when id = 2 then 'two' end as a from lab.people

-- same
select case id when 1 then 'one' else 'other' end as a from lab.people

-- same
select id from lab.people where id between 2 and 3 and not id = 3 or id = 5

-- same
select not true or true as a

-- same
select 1 + 2 * 3 - 4 as a

-- same
select 2 * -3 as a

-- same
select true and not false as a, true > false as b

-- same
select b = true as a, b <> false as c from lab.kinds

-- same
select b and i > 0 as a from lab.kinds

-- same
select cast('t' as boolean) as a, cast('true' as boolean) as b, cast('yes' as boolean) as c

-- same
select cast('1' as boolean) as a

-- fail
select cast('on' as boolean) as a

-- same cast-rounds
select b::int + 1 as a from lab.kinds

-- same
select max(b) as a from lab.kinds

-- same
select true::string as a

-- same
select i > 1 is true as a from lab.kinds

-- same
select (i > 1) is not null as a from lab.kinds

-- same
select if(i > 1, 'a', 'b') as a from lab.kinds

-- fail
select iif(i > 1, 'a', 'b') as a from lab.kinds

-- differs function/decode
select decode(i, 1, 'x', 'y') as a from lab.kinds

-- fail
select error('x') as a

-- same function/version
select version() is null as a

-- same
select current_user is null as a

-- same function/current_schema
select current_schema() is null as a

-- same function/uuid
select uuid() is null as a

-- differs function/gen_random_uuid
select gen_random_uuid() is null as a

-- differs duckdb
select current_setting('threads') as a

-- same order-nulls
select date '2024-01-31' as "date", 1 as "group" order by "group"

-- same
select sum(id) as "sum" from lab.people

-- fail
select true xor false as a

-- same
select 5 is null as a

-- differs positional
select #1 from lab.people

-- fail
select $1 as a

-- differs function/try
select try(1 / 0) as a

-- differs function/try_divide
select try_divide(1, 0) as a

-- same
select cast(1 as int) as a where 1 = 1

-- same
select 1 as a where false

-- same
select 1 as a having true

-- differs group-by-nothing
select 1 as a from lab.people group by ()
