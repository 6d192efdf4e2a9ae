-- differs regexp-replace
select regexp_replace('aaa', 'a', 'b') as a

-- differs regexp-replace
select regexp_replace('aaa', 'a', 'b', 'g') as a

-- differs backslash
select regexp_replace('abc', '(b)', '[\1]') as a

-- differs regexp-replace
select regexp_replace('abc', '(b)', '[$1]') as a

-- differs regexp-extract
select regexp_extract('foo123', '([a-z]+)([0-9]+)') as a

-- same
select regexp_extract('foo123', '([a-z]+)([0-9]+)', 2) as a

-- same
select regexp_extract('foo123', '([a-z]+)([0-9]+)', 0) as a

-- same
select regexp_extract('foo', '([0-9]+)', 1) as a

-- same
select regexp_extract(s, '([a-z]+)', 1) as a from lab.kinds

-- differs backslash
select regexp_extract('a.b', '\.(.)', 1) as a

-- differs backslash
select regexp_extract('2024-01', '(\d+)-(\d+)', 2) as a

-- differs backslash
select regexp_extract('été1', '(\w+)', 1) as a

-- same regexp-pattern
select regexp_extract('AbC', '(?i)(b)', 1) as a

-- differs regexp-pattern
select regexp_extract('ab', '(?<=a)(b)', 1) as a

-- differs backslash
select regexp_extract('aa', '(a)\1', 1) as a

-- differs regexp-extract
select regexp_extract('foo123', '([0-9]+)', 1, 'i') as a

-- differs function/regexp_matches
select regexp_matches('abc', 'b') as a

-- differs function/regexp_like
select regexp_like('abc', 'b') as a

-- differs duckdb
select 'abc' rlike 'b' as a

-- differs function/regexp_full_match
select regexp_full_match('abc', 'a.c') as a

-- differs list
select regexp_extract_all('a1b2', '[0-9]')[1] as a

-- differs list
select regexp_split_to_array('a1b', '[0-9]')[1] as a

-- differs function/regexp_count
select regexp_count('aaa', 'a') as a

-- differs duckdb
select 'abc' regexp 'b' as a

-- differs function/regexp_full_match
select 'abc' !~ 'x' as a

-- same
select regexp_extract('abc', '(z)?', 1) as a

-- differs regexp-pattern
select regexp_extract('abc', '[[:alpha:]]+', 0) as a

-- differs backslash
select regexp_extract('abc', '\p{L}+', 0) as a

-- same
select regexp_extract('abc', '^b', 0) as a

-- same
select regexp_extract('a
b', '^b', 0) as a

-- same
select regexp_extract('abc', '(?:a|ab)(c|bcd)?', 0) as a

-- differs function/regexp_escape
select regexp_escape('a.b') as a

-- same
select regexp_extract('abc', 'b{1,2}c$', 0) as a

-- same
select case when regexp_extract('abc', 'b', 0) = '' then false else true end as a
