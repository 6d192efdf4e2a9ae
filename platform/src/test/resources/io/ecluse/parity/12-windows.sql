-- wider order-nulls
select id, row_number() over (order by id) as a from lab.people

-- wider order-nulls
select id, row_number() over (partition by city order by id) as a from lab.people

-- wider
select id, rank() over (order by age nulls last) as a, dense_rank() over (order by age nulls last) as b from lab.people

-- differs order-nulls
select id, rank() over (order by age) as a from lab.people

-- wider
select id, row_number() over (order by age desc, id desc) as a from lab.people

-- wider
select id, row_number() over (order by age desc nulls last, id desc nulls last) as a from lab.people

-- same
select id, percent_rank() over (order by age nulls last) as a, cume_dist() over (order by age nulls last) as b from lab.people

-- wider
select id, ntile(2) over (order by id nulls last) as a from lab.people

-- same
select id, lag(age) over (order by id nulls last) as a, lead(age) over (order by id nulls last) as b from lab.people

-- same
select id, lag(age, 2, 0) over (order by id nulls last) as a from lab.people

-- same
select id, lag(age, 2, 0) over (order by id desc) as a from lab.people

-- same
select id, first_value(age) over (order by id nulls last) as a from lab.people

-- same
select id, last_value(age) over (order by id nulls last) as a from lab.people

-- same
select id, last_value(age) over (order by id nulls last rows between unbounded preceding and unbounded following) as a from lab.people

-- same
select id, nth_value(age, 2) over (order by id nulls last) as a from lab.people

-- differs window-filter
select id, last_value(age ignore nulls) over (order by id nulls last) as a from lab.people

-- differs duckdb
select id, last_value(age) ignore nulls over (order by id nulls last) as a from lab.people

-- same
select id, sum(age) over () as a from lab.people

-- same
select id, sum(age) over (partition by city) as a from lab.people

-- same
select id, sum(age) over (order by id nulls last) as a from lab.people

-- same
select id, count(*) over (partition by city) as a from lab.people

-- same
select id, sum(age) over (order by id nulls last rows between 1 preceding and current row) as a from lab.people

-- same
select id, sum(age) over (order by id nulls last rows 1 preceding) as a from lab.people

-- same
select id, sum(age) over (order by id nulls last rows between 1 preceding and 1 following) as a from lab.people

-- same
select id, sum(age) over (order by id nulls last range between 1 preceding and 1 following) as a from lab.people

-- differs window-filter
select id, sum(age) over (order by id nulls last groups between 1 preceding and current row) as a from lab.people

-- differs window-filter
select id, sum(age) over (order by id nulls last rows between unbounded preceding and current row exclude current row) as a from lab.people

-- same
select id, sum(pieces) over (order by day nulls last range between interval 20 day preceding and current row) as a from lab.sales

-- same
select id, sum(pieces) over (order by day nulls last range between interval '20' day preceding and current row) as a from lab.sales

-- same avg
select id, avg(age) over (partition by city) as a from lab.people

-- same
select id, avg(cast(age as double)) over (partition by city) as a from lab.people

-- same
select id, max(name) over (partition by city) as a from lab.people

-- same
select id, sum(age) over w as a from lab.people window w as (order by id nulls last)

-- differs qualify
select id from lab.people qualify row_number() over (order by id desc) = 1

-- same
select id from (select id, row_number() over (partition by city order by age desc, id desc) as n from lab.people) t where n = 1

-- same
select city, sum(count(*)) over (order by city nulls last) as a from lab.people group by city

-- wider
select city, rank() over (order by count(*) desc) as a from lab.people group by city

-- differs window-filter
select id, sum(age) filter (where age > 18) over (order by id nulls last) as a from lab.people

-- differs window-filter
select id, count(distinct city) over () as a from lab.people

-- same
select id, median(age) over (partition by city) as a from lab.people

-- same function/string_agg
select id, string_agg(name, ',') over (order by id nulls last) as a from lab.people

-- same
select id, lag(age) over (partition by city order by id nulls last) - age as a from lab.people

-- wider
select id, sum(price) over (order by id nulls last) as a from lab.sales

-- same
select id, cast(sum(price) over (order by id nulls last) as decimal(20, 2)) as a from lab.sales

-- wider
select id, sum(cast(price as decimal(18, 2))) over (partition by person) as a from lab.sales

-- same
select id, bool_or(pieces > 2) over (partition by person) as a from lab.sales

-- same
select id, first_value(name) over (partition by city order by age desc, id desc) as a from lab.people

-- same
select id, min(age) over (order by id nulls last rows between current row and unbounded following) as a from lab.people

-- differs window-order
select id, row_number() over () > 0 as a from lab.people

-- same
select id, sum(age) over (order by name nulls last range between unbounded preceding and current row) as a from lab.people

-- wider
select id, rank() over (partition by city order by age desc nulls last) as a from lab.people
