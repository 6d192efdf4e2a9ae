-- same
with v as (select id + 1 as next from lab.people) select next from v where next > 3

-- same
select avg(cast(n as double)) as a from lab.kinds where i < 3

-- same
select 'a' || chr(92) || 'b' as a

-- same
select regexp_extract('2024-01', '([0-9]+)-([0-9]+)', 2) as a

-- same
select regexp_extract('a.b', '[.](.)', 1) as a

-- same
select cast(floor(d) as bigint) as a from lab.kinds where i in (1, 2)

-- same
select cast(ceil(cast(n as double)) as integer) as a from lab.kinds where i in (1, 2)

-- same
select cast(round(d, 0) as bigint) as a from lab.kinds where i in (1, 2, 5)

-- same
select cast(round(n, 0) as bigint) as a from lab.kinds

-- same
select cast(round(i, 0) as bigint) as a from lab.kinds

-- same
select cast(round(sum(pieces), 0) as bigint) as a from lab.sales

-- same
select cast(round(try_cast(s as decimal(18, 4)), 0) as bigint) as a from (values ('1.5'), ('x'), ('7'), (null)) v(s)

-- same
select case when b then 1 when not b then 0 end as a from lab.kinds

-- same
select cast(day - date '2024-01-01' as integer) as a from lab.kinds

-- same
select cast(date '2024-03-01' - date '2024-01-31' as bigint) as a

-- same
select cast(cast(b.day as date) - a.day as integer) as d from lab.sales a join lab.sales b on b.id = a.id + 1

-- wider
select (extract(year from date '2024-03-01') - extract(year from day)) * 12 + extract(month from date '2024-03-01') - extract(month from day) as a from lab.kinds

-- same
select cast(day + interval 1 month as date) as a from lab.kinds

-- same
select cast(ts + interval 90 minute as timestamp) as a from lab.kinds

-- same
select cast(zoned + interval 1 day as timestamp) as a from lab.kinds

-- same
select cast(date_trunc('month', day) as date) as a from lab.kinds

-- same
select cast(date_trunc('hour', ts) as timestamp) as a from lab.kinds

-- same
select cast(date_trunc('quarter', zoned) as date) as a from lab.kinds

-- same
select cast(1.5 as decimal(18, 3)) as a

-- same
with places as (select city, name, row_number() over (partition by city order by age desc, id desc) as place from lab.people) select city, name from places where place = 1

-- same
select cast(n as double) / nullif(i, 0) as a from lab.kinds

-- same
select cast(price as double) / nullif(cast(pieces as double), 0) as a from lab.sales

-- same
select cast(sum(price) as double) / nullif(count(price), 0) as a from lab.sales

-- same
select cast(7 as double) / 2 as a, 7 / 2 as b

-- same
select 1 + cast(mod(extract(dow from day) - extract(dow from date '2024-01-01') + 7, 7) as integer) as a from lab.kinds

-- same
select cast((pieces - pieces % 3) / 3 as bigint) as a from lab.sales where pieces is not null

-- same
select cast((-7 - mod(-7, 2)) / 2 as bigint) as a

-- same
select i from lab.kinds where i is null or i is not null

-- same
select id from lab.people order by id nulls last limit 2

-- same
select id from lab.people where id in (select person from lab.sales)

-- same
select id from lab.people where age >= (select max(age) from lab.people)

-- same
select cast('12345678901234567890' as decimal(38, 0)) as a

-- same
select left('hello', greatest(-2, 0)) as a, right('hello', greatest(2, 0)) as b

-- same
select substr('hello', greatest(i - 1, 1), 2) as a from lab.kinds

-- same
select substr(s, instr(s, 'a') + 1) as a from lab.kinds

-- same
select split_part('a,b,c', ',', 2) as a, split_part('a,b,c', ',', -1) as b

-- same
select id as "été" from lab.people

-- same
select case when cast(null as boolean) then 1 else 2 end as a

-- same
select sum(case when city = 'Paris' then age end) as a from lab.people

-- same
select x as a from range(3) r(x)

-- same
select x as a from range(1, 4) r(x)

-- same
select cast(cast(0.1 as real) as double) = 0.1e0 as a

-- same
with recursive r(n, depth) as (select 1, 1 union all select n % 3 + 1, depth + 1 from r where depth < 5) select n, depth from r

-- same
select regexp_extract('foo123', '([a-z]+)([0-9]+)', 0) as a

-- same
select regexp_extract('abc', 'b', 0) <> '' as a

-- same
select regexp_extract('abc', '^(a.c)$', 0) <> '' as a

-- same
select regexp_replace('aaa', '^a', 'b') as a

-- same
select regexp_replace('  abc', '^ +', '') as a

-- same
select regexp_replace('abc  ', ' +$', '') as a

-- same
select replace('aaa', 'a', 'b') as a

-- same
select mod(7, nullif(0, 0)) as a, 7 % nullif(2, 0) as b

-- wider
select round(cast(d as decimal(18, 6)), 2) as a from lab.kinds where i in (1, 2, 5)

-- wider
select round(cast(cast(1.005 as double) as decimal(18, 6)), 2) as a

-- wider
select round(cast(n as decimal(12, 4)), 1) as a from lab.kinds

-- same
select (1, 'a') = (1, 'a') as a

-- same
select id from lab.people where mod(id, 10) = 1

-- wider
select second(ts) as a from lab.kinds

-- same
select cast(floor(extract(second from ts)) as integer) as a from lab.kinds

-- same
select cast(cast(d as decimal(18, 6)) as string) as a from lab.kinds where i in (1, 2, 5)

-- same
select cast(cast(zoned as timestamp) as string) as a from lab.kinds

-- same
select cast(exp(cast(1 as double)) as decimal(18, 9)) as a

-- same
select cast(ln(cast(10 as double)) as decimal(18, 9)) as a, cast(power(cast(2 as double), 10) as decimal(18, 9)) as b

-- same
select cast(sin(cast(1 as double)) as decimal(18, 9)) as a, cast(atan2(1, 2) as decimal(18, 9)) as b

-- same
select trim(both 'x' from 'xxaxx') as a, trim(leading 'x' from 'xax') as b, trim(trailing 'x' from 'xax') as c

-- same
select cast('x' as string) as a, cast('5' as bigint) as b, cast('a' as binary) as c

-- same
select b, a from (select 1 as a, 2 as b) x union all select b, a from (select 3 as b, 4 as a) y

-- same
select cast(id as string) as a from lab.people union all select name from lab.people

-- same
select id, sum(case when age > 18 then age end) over (order by id nulls last) as a from lab.people

-- wider
select id, row_number() over (order by id nulls last) as a from lab.people

-- same
select cast(x as double) / nullif(y, 0) as a from (values (1, 0), (1, 2)) v(x, y)

-- same
select coalesce('a', '') || coalesce(s, '') as a from lab.kinds

-- same
select case extract(month from day) when 1 then 'January' when 2 then 'February' else 'other' end as a from lab.kinds

-- same
select cast(day as string) as a, substr(cast(day as string), 1, 7) as b from lab.kinds

-- same
select cast(substr('31/01/2024', 7, 4) || '-' || substr('31/01/2024', 4, 2) || '-' || substr('31/01/2024', 1, 2) as date) as a

-- same
select 'hello' like 'he%' as a, left('hello', 2) = 'he' as b, 'hello' like '%lo' as c, right('hello', 2) = 'lo' as d

-- same
select case when i - 3 > 0 then 1 when i - 3 < 0 then -1 when i - 3 = 0 then 0 end as a from lab.kinds

-- same
select case when d < 0 then -cast(floor(-d) as bigint) else cast(floor(d) as bigint) end as a from lab.kinds where i in (1, 2)

-- same
select count(distinct city) as a from lab.people

-- same
select d = cast('nan' as double) as a from lab.kinds

-- same
select percentile_cont(0.5) within group (order by age) as a from lab.people

-- same
select date '9999-12-31' as a

-- same
select sum(cast(l as decimal(38, 0))) as a from lab.kinds where i in (1, 4)

-- same
select cast(f as double) * 2 as a, cast(f as double) + i as b from lab.kinds

-- same
select cast('x' as string) as a where 'x' <> ''

-- same
select x * x * x as a from (values (2), (3)) v(x)

-- same
select t.n from lab.people p cross join lateral (select count(*) as n from lab.sales s where s.person = p.id) t

-- wider
select max(length(name)) as a from lab.people

-- same
select sum(id) as a, count(*) as n from lab.people group by grouping sets ((city), ())

-- same
select abs(cast(n as double)) as a from lab.kinds

-- same
select lower(name) || '.' || lower(city) as a from lab.people

-- same
select concat_ws(' ', name, city) as a from lab.people

-- same
select variance(age) as a, stddev_samp(age) as b, covar_pop(age, id) as c from lab.people

-- same
select bit_or(pieces) as a, bool_or(pieces > 3) as b from lab.sales

-- wider
select quarter(day) as a, dayofyear(day) as b, weekofyear(day) as c, last_day(day) as d from lab.kinds

-- same
select lpad(cast(id as string), 4, '0') as a from lab.people

-- same
select translate(name, 'aeiou', 'AEIOU') as a from lab.people

-- same
select date_add(day, 7) as a from lab.kinds

-- same
select md5(name) as a from lab.people

-- wider
select levenshtein(name, city) as a from lab.people

-- same
select factorial(5) as a

-- same
select cast(ceiling(d) as bigint) as a from lab.kinds where i in (1, 2)

-- wider
select dayofmonth(day) as a from lab.kinds

-- same
select s not ilike 'b%' as a from lab.kinds

-- same
select 8 >> 2 as a

-- same
select '100%' not like '100!%' escape '!' as a
