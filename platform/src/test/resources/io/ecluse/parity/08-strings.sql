-- same
select 'it''s' as a

-- differs backslash
select 'a\nb' as a, length('a\nb') as b

-- differs backslash
select '\' as a, 'C:\temp' as b

-- differs escape-string
select E'a\nb' as a

-- differs dollar-string
select $$a$$ as a

-- differs duckdb
select 'a' 'b' as a

-- same
select "i" as a from lab.kinds

-- differs backslash
select s as a from lab.kinds where s = 'it''s a "b" \ c'

-- wider
select length(s) as a from lab.kinds

-- wider
select char_length(s) as a from lab.kinds

-- differs data/duckdb
select octet_length(s) as a from lab.kinds

-- differs function/strlen
select strlen(s) as a from lab.kinds

-- wider
select bit_length(s) as a from lab.kinds

-- wider chr
select length('e' || chr(769)) as a

-- wider
select length('👍') as a, length('👩‍👧') as b

-- same function/reverse
select reverse('abc') as a

-- differs chr
select reverse('e' || chr(769) || 'x') as a

-- same
select upper(s) as a, lower(s) as b from lab.kinds

-- differs data/letters
select upper('straße') as a

-- differs data/letters
select upper('ﬁ') as a

-- differs data/letters
select lower('İ') as a

-- same
select upper('é') as a, lower('ÉÇ') as b

-- differs function/initcap
select initcap('hello world') as a

-- same
select substr('hello', 2, 3) as a

-- same
select substring('hello', 2, 3) as a

-- same
select substring('hello' from 2 for 3) as a

-- same
select substr('hello', 2) as a

-- differs substr-zero
select substr('hello', 0, 2) as a

-- same
select substr('hello', -3) as a

-- same
select substr('hello', -3, 2) as a

-- same substr-zero
select substr('hello', i, 2) as a from lab.kinds

-- same
select substr('hello', 10) as a

-- same
select substr('👍ab', 2, 1) as a

-- same
select left('hello', 2) as a, right('hello', 2) as b

-- differs left-negative
select left('hello', -2) as a

-- differs left-negative
select right('hello', -2) as a

-- wider
select position('l' in 'hello') as a

-- wider
select instr('hello', 'l') as a

-- wider
select instr('hello', '') as a

-- differs function/strpos
select strpos('hello', 'l') as a

-- differs function/locate
select locate('l', 'hello') as a

-- same
select replace('hello', 'l', 'L') as a

-- same
select replace('hello', '', 'x') as a

-- differs data/duckdb
select replace('hello', 'l') as a

-- same
select trim('  a ') as a, ltrim('  a ') as b, rtrim(' a  ') as c

-- same
select trim(both 'x' from 'xxaxx') as a

-- same
select trim(leading 'x' from 'xax') as a, trim(trailing 'x' from 'xax') as b

-- differs trim
select trim('xax', 'x') as a

-- differs trim
select ltrim('xax', 'x') as a

-- same
select trim('a' || chr(9)) as a

-- same
select lpad('7', 3, '0') as a, rpad('7', 3, '0') as b

-- same
select lpad('1234', 3, '0') as a

-- differs data/duckdb
select lpad('7', 3) as a

-- same
select repeat('ab', 2) as a

-- same
select repeat('ab', -1) as a

-- same function/concat
select concat('a', 'b') as a

-- differs function/concat
select concat('a', s) as a from lab.kinds

-- same
select concat_ws(',', 'a', 'b') as a

-- same function/concat
select concat(1, 'b') as a

-- same
select 1 || 'b' as a

-- same
select s || cast(i as string) as a from lab.kinds

-- same
select split_part('a.b.c', '.', 2) as a

-- same
select split_part('a.b.c', '.', -1) as a

-- same
select split_part('a.b.c', '.', 5) as a

-- differs split-part-zero
select split_part('a.b.c', '.', 0) as a

-- differs function/starts_with
select starts_with('hello', 'he') as a

-- differs function/startswith
select startswith('hello', 'he') as a

-- differs function/ends_with
select ends_with('hello', 'lo') as a

-- differs function/endswith
select endswith('hello', 'lo') as a

-- differs function/suffix
select suffix('hello', 'lo') as a

-- same
select contains('hello', 'ell') as a

-- same
select s like 'a%' as a from lab.kinds

-- same
select s not like '%a%' as a from lab.kinds

-- same
select s ilike 'b%' as a from lab.kinds

-- same
select 'abc' like 'a_c' as a, 'abc' like 'A_c' as b

-- differs backslash
select '100%' like '100\%' as a

-- same
select '100%' like '100!%' escape '!' as a

-- same backslash
select 'a\b' like 'a\b' as a

-- same
select 'a
b' like 'a%b' as a

-- differs function/regexp_full_match
select 'abc' similar to 'a.c' as a

-- differs function/~~~
select 'abc' glob 'a*' as a

-- differs function/regexp_full_match
select 'abc' ~ 'b' as a

-- same
select ascii('a') as a

-- same
select ascii('é') as a

-- same
select chr(97) as a

-- differs chr
select chr(8364) as a

-- differs function/unicode
select unicode('a') as a

-- same
select translate('abc', 'ab', 'xy') as a

-- same
select md5('a') as a

-- differs function/sha256
select sha256('a') as a

-- same function/sha1
select sha1('a') as a

-- differs function/sha2
select sha2('a', 256) as a

-- differs function/crc32
select crc32('a') as a

-- same function/hash
select hash('a') is null as a

-- same function/base64
select base64(cast('a' as binary)) as a

-- differs function/to_base64
select to_base64(cast('a' as blob)) as a

-- same function/hex
select hex('a') as a

-- same function/unhex
select unhex('41') as a

-- differs function/encode
select encode('a') as a

-- differs function/format
select format('{}-{}', 1, 2) as a

-- same function/printf
select printf('%05d', 42) as a

-- differs function/format_string
select format_string('%05d', 42) as a

-- wider
select levenshtein('kitten', 'sitting') as a

-- differs function/soundex
select soundex('Robert') as a

-- differs function/jaccard
select jaccard('a', 'b') as a

-- same
select s from lab.kinds order by s nulls last

-- same
select s from lab.kinds order by s desc nulls last

-- same
select s from lab.kinds order by lower(s) nulls last

-- same
select max(s) as a, min(s) as b from lab.kinds

-- same
select 'a' < 'B' as a, 'é' < 'z' as b, 'Z' < 'a' as c

-- same
select 'a' = 'a ' as a

-- same chr
select 'é' = 'e' || chr(769) as a

-- differs collate
select s collate nocase = 'APPLE' as a from lab.kinds

-- wider
select '' = null as a, '' is null as b, length('') as c

-- same
select distinct lower(s) as a from lab.kinds

-- same
select s || s as a from lab.kinds

-- same
select 'x' || 1 as a

-- differs data/duckdb
select '5' + 3 as a

-- same
select '1' = 1 as a

-- same
select 'a' in ('a', 'b') as a

-- differs list
select s[1] as a from lab.kinds

-- differs list
select 'hello'[2:3] as a

-- differs function/overlay
select overlay('abc' placing 'x' from 2) as a

-- differs list
select string_split('a,b', ',')[1] as a

-- differs function/bar
select bar(1, 0, 2, 2) as a

-- differs function/strip_accents
select strip_accents('é') as a

-- differs function/nfc_normalize
select nfc_normalize('é') as a

-- same
select 'Straße' ilike 'STRASSE' as a

-- differs data/letters
select lower('ΑΣ') as a

-- differs data/duckdb
select cast(s as binary) as a from lab.kinds

-- same
select cast(bin as string) as a from lab.kinds where i = 1

-- wider
select octet_length(bin) as a from lab.kinds

-- same
select concat_ws(',', s, s) as a from lab.kinds

-- same
select rpad('é', 3, '.') as a

-- same
select lcase('A') as a, ucase('a') as b

-- wider
select char_length('añb') as a

-- same
select repeat(s, 2) as a from lab.kinds
