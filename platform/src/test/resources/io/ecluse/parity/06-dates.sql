-- same
select date '2024-01-31' as a

-- same
select day from lab.kinds where day > date '2024-01-01'

-- same
select day = '2024-01-31' as a from lab.kinds

-- same
select date '2024-01-31' + 1 as a

-- same
select day + 1 as a, day - 1 as b from lab.kinds

-- same
select day + i as a from lab.kinds

-- differs date-difference
select date '2024-03-01' - date '2024-01-31' as a

-- same
select cast(date '2024-03-01' - date '2024-01-31' as integer) as a

-- same
select cast(day - date '2024-01-01' as integer) as a from lab.kinds

-- differs function/datediff
select datediff(date '2024-03-01', date '2024-01-31') as a

-- differs function/datediff
select datediff('day', date '2024-01-31', date '2024-03-01') as a

-- differs function/date_diff
select date_diff('day', date '2024-01-31', date '2024-03-01') as a

-- differs function/date_diff
select date_diff('month', date '2024-01-31', date '2024-02-01') as a

-- differs function/datesub
select datesub('month', date '2024-01-31', date '2024-02-29') as a

-- wider
select (extract(year from day) - 2024) * 12 + extract(month from day) - 1 as a from lab.kinds

-- differs date-interval
select date '2024-01-31' + interval 1 month as a

-- differs date-interval
select date '2024-01-31' + interval '1' day as a

-- differs date-interval
select date '2024-01-31' + interval '1 day' as a

-- same
select cast(date '2024-01-31' + interval 1 month as date) as a

-- same
select cast(day + interval '1' month as date) as a from lab.kinds

-- same
select cast(day - interval 1 year as date) as a from lab.kinds

-- same
select cast(day + interval 3 hour as timestamp) as a from lab.kinds where i = 1

-- same
select date_add(date '2024-01-31', 1) as a

-- differs function/date_add
select date_add(date '2024-01-31', interval 1 day) as a

-- differs function/date_sub
select date_sub('day', date '2024-01-31', date '2024-03-01') as a

-- differs function/add_months
select add_months(date '2024-01-31', 1) as a

-- differs date-trunc
select date_trunc('month', day) as a from lab.kinds where i = 1

-- same
select cast(date_trunc('month', day) as date) as a from lab.kinds

-- same
select cast(date_trunc('week', day) as date) as a from lab.kinds

-- same
select cast(date_trunc('year', day) as date) as a, cast(date_trunc('quarter', day) as date) as b from lab.kinds

-- differs function/trunc
select trunc(day, 'MM') as a from lab.kinds

-- wider
select extract(year from day) as a, extract(month from day) as b, extract(day from day) as c from lab.kinds

-- wider
select year(day) as a, month(day) as b, day(day) as c, quarter(day) as d from lab.kinds

-- differs function/week
select dayofmonth(day) as a, dayofyear(day) as b, weekofyear(day) as c, week(day) as d from lab.kinds

-- wider
select extract(week from day) as a, extract(quarter from day) as b, extract(doy from day) as c from lab.kinds

-- differs dow
select extract(dow from day) as a from lab.kinds

-- differs date-part
select extract(isodow from day) as a from lab.kinds

-- differs function/dayofweek
select dayofweek(day) as a from lab.kinds

-- differs function/weekday
select weekday(day) as a from lab.kinds

-- differs function/isodow
select isodow(day) as a from lab.kinds

-- same
select 1 + cast(mod(extract(dow from day) - extract(dow from date '2024-01-01') + 7, 7) as integer) as a from lab.kinds

-- differs date-part
select extract(isoyear from date '2024-12-31') as a

-- differs date-part
select extract(yearofweek from date '2024-12-31') as a

-- differs date-part
select extract(decade from date '2024-12-31') as a

-- differs date-part
select extract(century from date '2024-12-31') as a

-- differs date-part
select extract(epoch from date '1970-01-02') as a

-- differs date-part
select extract(julian from date '1970-01-02') as a

-- wider
select date_part('year', day) as a from lab.kinds

-- wider
select datepart('year', day) as a from lab.kinds

-- same
select last_day(day) as a from lab.kinds

-- same
select make_date(2024, 3, 15) as a

-- fail
select make_date(2024, 2, 30) as a

-- fail
select date '2024-02-30' as a

-- same
select cast('2024-1-5' as date) as a

-- differs data/duckdb
select cast('2024' as date) as a

-- fail
select cast('05/01/2024' as date) as a

-- same
select cast('2024-01-31T10:00:00' as date) as a

-- same
select try_cast('2024-02-30' as date) as a

-- same
select cast(day as string) as a from lab.kinds

-- same
select cast(day as timestamp) as a from lab.kinds

-- differs function/strftime
select strftime(day, '%Y-%m') as a from lab.kinds

-- differs function/date_format
select date_format(day, 'yyyy-MM') as a from lab.kinds

-- differs function/strptime
select strptime('2024-03-15', '%Y-%m-%d') as a

-- differs function/to_date
select to_date('2024-03-15') as a

-- differs function/monthname
select monthname(day) as a from lab.kinds

-- differs function/dayname
select dayname(day) as a from lab.kinds

-- differs function/next_day
select next_day(day, 'MO') as a from lab.kinds

-- differs function/months_between
select months_between(date '2024-03-31', date '2024-02-29') as a

-- differs function/age
select age(date '2024-03-01', date '2024-01-31') as a

-- same
select min(day) as a, max(day) as b from lab.kinds

-- same
select day between date '2024-01-01' and date '2024-12-31' as a from lab.kinds

-- same
select current_date > date '2020-01-01' as a

-- same
select current_date() > date '2020-01-01' as a

-- differs function/today
select today() > date '2020-01-01' as a

-- same
select date '9999-12-31' as a, date '0001-01-01' as b

-- same
select date '1582-10-10' as a

-- same
select date '1900-02-28' + 1 as a

-- differs infinity
select cast('infinity' as date) is null as a

-- same
select day < ts as a from lab.kinds

-- same
select day = ts as a from lab.kinds

-- same
select greatest(day, date '2024-02-01') as a from lab.kinds

-- same
select date '2024-01-31' - 31 as a

-- differs interval
select generate_series as a from generate_series(date '2024-01-01', date '2024-01-03', interval 1 day)

-- same
select cast('epoch' as date) as a

-- same cast-rounds
select cast(b.day - a.day as integer) as d from lab.kinds a join lab.kinds b on b.i = a.i + 1

-- differs cast-rounds
select cast(w + n as integer) as a from lab.kinds where i < 3
