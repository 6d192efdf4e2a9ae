-- same
select 7 + 2 as a, 7 - 2 as b, 7 * 2 as c

-- same
select 7 / 2 as a

-- same division
select i / 2 as a from lab.kinds

-- same
select cast(7 as double) / 2 as a

-- same zero-division
select cast(i as double) / nullif(i, 3) as a from lab.kinds

-- differs zero-division
select 1 / 0 as a

-- differs zero-division
select cast(1 as double) / 0 as a

-- differs zero-division
select d / d as a from lab.kinds where i = 5

-- same
select 1 / nullif(0, 0) as a

-- differs function///
select 7 // 2 as a

-- differs function///
select -7 // 2 as a

-- differs duckdb
select 7 div 2 as a

-- same
select 7 % 3 as a, -7 % 3 as b, 7 % -3 as c

-- same
select mod(7, 3) as a, mod(-7, 3) as b

-- differs remainder-zero
select 7 % 0 as a

-- differs remainder-zero
select mod(7, 0) as a

-- same
select cast((7 - 7 % 2) / 2 as bigint) as a

-- same
select cast(floor(cast(7 as double) / 2) as bigint) as a

-- same
select -i as a from lab.kinds

-- same
select abs(-3) as a, abs(-2.5) as b, abs(cast(-1.5 as double)) as c

-- differs function/sign
select sign(-3) as a

-- differs function/sign
select sign(cast(-3 as double)) as a

-- same cast-rounds
select cast(sign(-3) as integer) as a

-- same
select ceil(1.2) as a, floor(-1.2) as b

-- differs cast-floor
select ceil(cast(1.2 as double)) as a, floor(cast(-1.2 as double)) as b

-- same
select cast(ceil(cast(1.2 as double)) as integer) as a

-- same
select cast(floor(d) as bigint) as a from lab.kinds where i < 3

-- same
select round(2.5) as a, round(-2.5) as b

-- same
select round(cast(2.5 as double)) as a, round(cast(-2.5 as double)) as b

-- same round-double
select round(cast(2.567 as double), 2) as a

-- differs round-double
select round(cast(1.005 as double), 2) as a

-- differs round-double
select round(cast(0.285 as double), 2) as a

-- same
select round(2.567, 2) as a

-- same
select round(cast(1234.5 as double), -2) as a

-- same
select round(1234, -2) as a

-- same round-double
select round(n, 1) as a from lab.kinds

-- same
select round(i) as a from lab.kinds

-- differs cast-rounds
select cast(2.5 as int) as a

-- differs cast-rounds
select cast(-2.5 as int) as a

-- same cast-rounds
select cast(cast(2.5 as double) as int) as a

-- differs cast-rounds
select cast(d as bigint) as a from lab.kinds where i < 3

-- same
select cast(round(d) as bigint) as a from lab.kinds where i < 3

-- same
select cast(round(n, 0) as integer) as a from lab.kinds where i < 3

-- same cast-rounds
select cast(n as integer) as a from lab.kinds where i = 1

-- same
select cast(1.999 as decimal(3, 1)) as a

-- same
select cast(1.25 as decimal(3, 1)) as a, cast(-1.25 as decimal(3, 1)) as b

-- same
select cast(cast(1.25 as double) as decimal(3, 1)) as a

-- same
select cast(cast(0.1 as double) as decimal(20, 18)) as a

-- same
select cast(d as decimal(10, 2)) as a from lab.kinds where i < 3

-- same
select cast(f as decimal(10, 2)) as a from lab.kinds where i < 3

-- same
select cast(f as double) as a from lab.kinds

-- same
select cast(cast(0.1 as real) as double) as a

-- fail
select cast(300 as tinyint) as a

-- fail
select cast(3000000000 as int) as a

-- fail
select cast(1e10 as int) as a

-- fail
select 2147483647 + 1 as a

-- fail
select 9223372036854775807 + 1 as a

-- fail
select cast(2147483647 as int) * 2 as a

-- fail
select l + 1 as a from lab.kinds where i = 4

-- differs data/overflow
select sum(l) as a from lab.kinds where i in (1, 4)

-- same
select sum(l) as a from lab.kinds where i < 3

-- same
select cast('12' as int) as a, cast(' 12 ' as int) as b

-- differs cast-rounds
select cast('1.5' as int) as a

-- fail
select cast('abc' as int) as a

-- fail
select cast('' as int) as a

-- same cast-rounds
select try_cast('abc' as int) as a, try_cast('7' as int) as b

-- differs cast-rounds
select try_cast('1.5' as int) as a

-- same
select try_cast('1.5' as decimal(5, 2)) as a

-- same
select try_cast('1e3' as double) as a

-- same
select try_cast('x' as date) as a

-- same
select try_cast(300 as tinyint) as a

-- fail
select cast('1,5' as double) as a

-- same
select cast('1e3' as decimal(10, 2)) as a

-- same
select cast(1.5 as string) as a

-- same
select cast(1.50 as string) as a

-- same
select cast(n as string) as a from lab.kinds

-- same
select cast(d as string) as a from lab.kinds where i = 1

-- differs data/text
select cast(d as string) as a from lab.kinds

-- same text-of-number
select cast(cast(100 as double) as string) as a

-- differs text-of-number
select cast(cast(1e20 as double) as string) as a

-- differs text-of-number
select cast(cast(1e-7 as double) as string) as a

-- same
select cast(i as string) as a from lab.kinds

-- same
select cast(b as string) as a from lab.kinds

-- same cast-rounds
select cast(b as int) as a from lab.kinds

-- same transcendental
select power(2, 10) as a

-- same transcendental
select pow(2, 0.5) as a

-- differs function/**
select 2 ** 3 as a

-- differs function/^
select 2 ^ 3 as a

-- same
select sqrt(2) as a

-- differs data/duckdb
select sqrt(-1) as a

-- differs transcendental
select cbrt(27) as a

-- differs transcendental
select exp(1) as a

-- same transcendental
select ln(10) as a

-- differs transcendental
select ln(0) as a

-- differs transcendental
select ln(-1) as a

-- differs function/log
select log(100) as a

-- same transcendental
select log10(1000) as a

-- same transcendental
select log2(8) as a

-- same function/log
select log(2, 8) as a

-- same transcendental
select sin(1) as a, cos(1) as b, tan(1) as c

-- same transcendental
select asin(1) as a, acos(1) as b, atan(1) as c, atan2(1, 2) as d

-- same
select pi() as a

-- same transcendental
select degrees(pi()) as a, radians(180) as b

-- same function/random
select random() < 1 as a

-- differs function/rand
select rand() < 1 as a

-- same
select 5 & 3 as a, 5 | 3 as b

-- differs function/xor
select xor(5, 3) as a

-- same
select 1 << 3 as a

-- same
select ~5 as a

-- same
select bit_count(7) as a

-- same
select factorial(5) as a

-- differs function/gcd
select gcd(12, 8) as a

-- differs function/trunc
select trunc(2.7) as a

-- same function/isnan
select isnan(cast('nan' as double)) as a

-- differs function/width_bucket
select width_bucket(5, 0, 10, 5) as a

-- same
select if(1 > 0, 'a', 'b') as a

-- differs function/even
select even(3) as a

-- wider
select 1.5 * 2 as a

-- same
select 1.50 + 1.2 as a

-- wider
select 3 - 1.5 as a

-- differs number-underscore
select 1_000 as a

-- fail
select 0x1F as a

-- same
select .5 as a

-- same
select 5. as a

-- same
select 1e3 as a

-- differs large-number
select 12345678901234567890 as a

-- same
select 1.0 = 1 as a, 1.0 = cast(1 as double) as b

-- same
select 7 between 1 and 10 as a

-- fail
select 7 between symmetric 10 and 1 as a

-- same
select 1 <> 2 as a, 1 != 2 as b

-- same
select 1 == 1 as a

-- same function/hex
select hex(255) as a

-- same function/bin
select bin(5) as a

-- differs function/to_base
select to_base(10, 2) as a

-- differs cast-rounds
select cast((607 - 607 % 2) / 3 as bigint) as a, cast((608 - 608 % 2) / 3 as bigint) as b
