-- same
select timestamp '2024-01-31 10:11:12' as a

-- same
select timestamp '2024-01-31 10:11:12.123456' as a

-- same
select timestamp '2024-01-31 10:11:12.123456789' as a

-- same
select timestamp '2024-01-31' as a

-- same
select ts from lab.kinds where ts > timestamp '2024-01-01 00:00:00'

-- same
select cast(ts as date) as a from lab.kinds

-- same
select cast(ts as string) as a from lab.kinds

-- wider
select extract(hour from ts) as a, extract(minute from ts) as b from lab.kinds

-- wider
select hour(ts) as a, minute(ts) as b, second(ts) as c from lab.kinds

-- differs second
select extract(second from ts) as a from lab.kinds

-- same
select cast(floor(extract(second from ts)) as integer) as a from lab.kinds

-- differs date-part
select extract(milliseconds from ts) as a from lab.kinds

-- differs date-part
select extract(microseconds from ts) as a from lab.kinds

-- differs date-part
select extract(epoch from ts) as a from lab.kinds

-- differs function/epoch
select epoch(ts) as a from lab.kinds

-- differs function/epoch_ms
select epoch_ms(ts) as a from lab.kinds

-- differs date-trunc
select date_trunc('hour', ts) as a from lab.kinds

-- differs date-trunc
select date_trunc('day', ts) as a from lab.kinds

-- differs date-trunc
select date_trunc('month', ts) as a from lab.kinds

-- differs date-trunc
select date_trunc('week', ts) as a from lab.kinds

-- same
select cast(date_trunc('month', ts) as date) as a from lab.kinds

-- same
select cast(date_trunc('hour', ts) as timestamp) as a from lab.kinds

-- same date-trunc
select date_trunc('month', zoned) as a from lab.kinds

-- same date-interval
select ts + interval 1 hour as a from lab.kinds

-- same date-interval
select ts - interval '90' minute as a from lab.kinds

-- same date-interval
select ts + interval 1 month as a from lab.kinds

-- differs data/text
select ts - ts as a from lab.kinds

-- differs date-difference
select ts - timestamp '2024-01-01 00:00:00' as a from lab.kinds

-- same
select cast(ts as timestamp) + interval 1 day as a from lab.kinds

-- same date-interval
select zoned + interval 1 hour as a from lab.kinds

-- differs interval
select interval 90 minutes as a

-- differs interval
select interval '1 day 2 hours' as a

-- differs interval
select interval 1 month as a

-- differs type
select cast(ts as timestamptz) as a from lab.kinds

-- same
select cast(zoned as timestamp) as a from lab.kinds

-- same
select cast(zoned as date) as a from lab.kinds

-- differs data/text
select cast(zoned as string) as a from lab.kinds

-- differs function/timezone
select zoned at time zone 'Europe/Paris' as a from lab.kinds

-- differs function/timezone
select ts at time zone 'UTC' as a from lab.kinds

-- differs function/timezone
select timezone('Europe/Paris', zoned) as a from lab.kinds

-- differs function/from_utc_timestamp
select from_utc_timestamp(ts, 'Europe/Paris') as a from lab.kinds

-- differs type
select timestamptz '2024-01-31 10:00:00+02' as a

-- same
select cast('2024-01-31 10:00:00+02' as timestamp) as a

-- same
select cast('2024-01-31 10:00:00Z' as timestamp) as a

-- same
select cast('2024-01-31T10:00:00' as timestamp) as a

-- same
select cast('2024-01-31 10:00' as timestamp) as a

-- fail
select cast('nonsense' as timestamp) as a

-- same
select try_cast('nonsense' as timestamp) as a

-- same
select ts = '2024-01-31 10:11:12.123456' as a from lab.kinds

-- same
select ts < zoned as a from lab.kinds

-- same
select max(ts) as a, min(zoned) as b from lab.kinds

-- same
select count(distinct ts) as a from lab.kinds

-- same
select current_timestamp > timestamp '2020-01-01 00:00:00' as a

-- same
select now() > timestamp '2020-01-01 00:00:00' as a

-- differs function/localtimestamp
select localtimestamp > timestamp '2020-01-01 00:00:00' as a

-- differs function/to_timestamp
select to_timestamp(0) as a

-- differs function/to_timestamp
select to_timestamp('2024-01-31 10:00:00') as a

-- differs function/unix_timestamp
select unix_timestamp(ts) as a from lab.kinds

-- same function/make_timestamp
select make_timestamp(2024, 1, 31, 10, 11, 12.5) as a

-- differs function/strftime
select strftime(ts, '%H:%M') as a from lab.kinds

-- differs function/date_diff
select date_diff('hour', timestamp '2024-01-01 00:00:00', ts) as a from lab.kinds

-- differs function/timestampdiff
select timestampdiff(hour, timestamp '2024-01-01 00:00:00', ts) as a from lab.kinds

-- differs type
select time '10:11:12' as a

-- differs type
select cast(ts as time) as a from lab.kinds

-- same
select timestamp '1969-12-31 23:59:59.5' as a

-- same
select timestamp '1500-01-01 00:00:00' as a

-- wider
select extract(hour from zoned) as a from lab.kinds

-- differs dow
select extract(dow from ts) as a from lab.kinds

-- differs function/time_bucket
select time_bucket(interval 1 hour, ts) as a from lab.kinds

-- fail
select timestamp '2024-06-30 23:59:60' as a

-- same
select ts from lab.kinds where cast(ts as date) = date '2024-03-17'

-- wider
select year(ts) as a, month(ts) as b from lab.kinds

-- same
select last_day(ts) as a from lab.kinds

-- same
select coalesce(ts, timestamp '2024-01-01 00:00:00') as a from lab.kinds

-- same
select case when i = 1 then day else ts end as a from lab.kinds

-- differs function/age
select age(ts) is null as a from lab.kinds
