-- same
select sum(i) as a from lab.kinds

-- same
select sum(pieces) as a from lab.sales

-- same cast-rounds
select sum(cast(i as bigint)) as a from lab.kinds

-- same cast-rounds
select cast(sum(i) as bigint) as a from lab.kinds

-- same avg
select avg(pieces) as a from lab.sales

-- same
select avg(cast(pieces as double)) as a from lab.sales

-- same
select count(*) as a, count(1) as b, count(pieces) as c from lab.sales

-- differs count-nothing
select count() as a from lab.sales

-- same
select count(distinct person) as a from lab.sales

-- differs data/duckdb
select count(distinct person, day) as a from lab.sales

-- same
select count(distinct (person, day)) as a from lab.sales

-- same
select sum(distinct pieces) as a from lab.sales

-- same
select min(s) as a, max(s) as b from lab.kinds

-- same
select min(b) as a, max(b) as b from lab.kinds

-- same
select count(*) filter (where pieces > 2) as a from lab.sales

-- same
select sum(pieces) filter (where person is null) as a from lab.sales

-- same
select count_if(pieces > 2) as a from lab.sales

-- differs function/countif
select countif(pieces > 2) as a from lab.sales

-- same
select sum(case when pieces > 2 then 1 else 0 end) as a from lab.sales

-- same
select bool_and(pieces > 0) as a, bool_or(pieces > 5) as b from lab.sales

-- differs function/every
select every(pieces > 0) as a from lab.sales

-- same function/string_agg
select string_agg(name, ',') as a from lab.people

-- differs function/string_agg
select string_agg(name, ',' order by name) as a from lab.people

-- differs duckdb
select listagg(name, ',') within group (order by name) as a from lab.people

-- differs function/group_concat
select group_concat(name) as a from lab.people

-- same function/max_by
select max_by(name, age) as a from lab.people where id < 3

-- same function/min_by
select min_by(name, age) as a from lab.people

-- differs function/arg_max
select arg_max(name, age) as a from lab.people where id < 3

-- same function/first
select first(name) as a from lab.people where id = 1

-- same function/last
select last(name) as a from lab.people where id = 1

-- same function/any_value
select any_value(city) as a from lab.people where id = 1

-- same function/any_value
select any_value(name) as a from lab.people where id in (1, 5)

-- same function/first
select first(name) as a from lab.people where id in (1, 5)

-- same
select median(age) as a from lab.people

-- same function/mode
select mode(age) as a from lab.people

-- differs function/quantile_cont
select quantile_cont(age, 0.5) as a from lab.people

-- same
select percentile_cont(0.5) within group (order by age) as a from lab.people

-- differs function/quantile_disc
select percentile_disc(0.5) within group (order by age) as a from lab.people

-- same function/approx_count_distinct
select approx_count_distinct(age) as a from lab.people

-- same
select stddev(age) as a, variance(age) as b from lab.people

-- same
select stddev_pop(age) as a, var_pop(age) as b from lab.people

-- same
select stddev(age) as a from lab.people where id = 1

-- same
select covar_samp(age, id) as a, covar_pop(age, id) as b from lab.people

-- same
select corr(age, id) as a from lab.people

-- same function/regr_slope
select regr_slope(age, id) as a from lab.people

-- differs function/skewness
select skewness(age) as a from lab.people

-- differs function/kurtosis
select kurtosis(age) as a from lab.people

-- same
select bit_and(pieces) as a, bit_or(pieces) as b, bit_xor(pieces) as c from lab.sales

-- differs function/product
select product(pieces) as a from lab.sales

-- differs function/histogram
select histogram(age) is null as a from lab.people

-- differs function/entropy
select entropy(age) as a from lab.people

-- differs function/approx_quantile
select approx_quantile(age, 0.5) as a from lab.people

-- same
select city, count(*) as n from lab.people group by city

-- same
select city, count(*) as n from lab.people group by 1

-- same
select city as c, count(*) as n from lab.people group by c

-- same
select city, count(*) as n from lab.people group by all

-- same
select city, age, count(*) as n from lab.people group by city, age

-- same
select city, count(*) as n from lab.people group by city having count(*) > 1

-- same
select city, count(*) as n from lab.people group by city having n > 1

-- fail
select city, name from lab.people group by city

-- same
select upper(city) as c, max(age) as a from lab.people group by upper(city)

-- same
select count(*) as n from lab.people where age > 100

-- same
select city, max(age) as a from lab.people where age > 100 group by city

-- same
select max(age) - min(age) as a from lab.people

-- same zero-division
select sum(age) / count(age) as a from lab.people

-- same
select coalesce(sum(age), 0) as a from lab.people where id > 100

-- same
select sum(i) + 1 as a from lab.kinds

-- same
select max(sum(pieces)) over () as a from lab.sales group by person

-- same
select person, sum(pieces) as a from lab.sales group by person order by person nulls last

-- same
select person, sum(pieces) as a from lab.sales group by person order by a desc, person desc

-- same
select distinct person, day from lab.sales

-- differs distinct-on
select distinct on (city) city, name from lab.people order by city nulls last, id

-- same
select count(*) as n from (select distinct city from lab.people) t

-- differs function/fsum
select fsum(d) as a from lab.kinds where i < 3

-- differs avg
select sum(price) as a, avg(price) as b from lab.sales

-- same
select max(day) as a from lab.sales

-- same
select min(id) as a, name from lab.people where id = 1 group by name

-- differs function/arbitrary
select arbitrary(name) as a from lab.people where id = 1

-- wider
select grouping(city) as g, city, count(*) as n from lab.people group by rollup (city)

-- same
select grouping_id(city) as g, city, count(*) as n from lab.people group by rollup (city)

-- same
select city, age, count(*) as n from lab.people group by rollup (city, age)

-- same
select city, age, count(*) as n from lab.people group by cube (city, age)

-- same
select city, age, count(*) as n from lab.people group by grouping sets ((city), (age), ())

-- same
select city, age, count(*) as n from lab.people group by grouping sets ((city, age), ())

-- wider
select city, age, grouping(city) as a, grouping(age) as b from lab.people group by cube (city, age)

-- differs grouping
select grouping(city, age) as g, count(*) as n from lab.people group by cube (city, age)

-- differs duckdb
select city, count(*) as n from lab.people group by city with rollup

-- same
select city, age, count(*) as n from lab.people group by city, rollup (age)

-- same
select coalesce(city, 'all') as c, count(*) as n from lab.people group by rollup (city)

-- same
select sum(age) filter (where city = 'Paris') as a, city from lab.people group by grouping sets ((city), ())

-- differs aggregate-order
select sum(id order by id nulls last) as a from lab.people

-- differs data/no-rows
select city, count(*) as n from lab.people where id > 100 group by rollup (city)

-- same
select city, count(*) as n from lab.people where id > 100 group by rollup (city) having count(*) > 0
