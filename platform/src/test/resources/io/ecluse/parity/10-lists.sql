-- differs list
select [1, 2, 3][1] as a

-- differs list
select array[1, 2, 3][1] as a

-- differs duckdb
select array(1, 2, 3)[0] as a

-- differs list
select list_value(1, 2)[1] as a

-- differs list
select len([1, 2, 3]) as a

-- differs duckdb
select cardinality(array(1, 2)) as a

-- differs duckdb
select size(array(1, 2)) as a

-- differs list
select list_contains([1, 2], 1) as a

-- differs duckdb
select array_contains(array(1, 2), 1) as a

-- differs list
select array_to_string([1, 2], ',') as a

-- differs duckdb
select array_join(array('a', 'b'), ',') as a

-- differs list
select list_sum([1, 2]) as a

-- differs list
select list_sort([2, 1])[1] as a

-- differs list
select list_transform([1, 2], lambda x: x + 1)[1] as a

-- differs list
select list_transform([1, 2], x -> x + 1)[1] as a

-- differs list
select list_filter([1, 2], lambda x: x > 1)[1] as a

-- differs list
select [x + 1 for x in [1, 2]][1] as a

-- differs list
select unnest([1, 2]) as a

-- differs duckdb
select explode(array(1, 2)) as a

-- differs list
select u as a from unnest([1, 2]) t(u)

-- differs list
select * from (select unnest([1, 2]) as a) t

-- differs list
select {'a': 1}.a as a

-- differs list
select struct_pack(a := 1).a as a

-- differs list
select named_struct('a', 1).a as a

-- differs row
select row(1, 2) = row(1, 2) as a

-- same
select (1, 2) = (1, 2) as a

-- differs list
select map {'a': 1}['a'] as a

-- differs list
select map('a', 1)['a'] as a

-- differs list
select element_at(map(['a'], [1]), 'a') as a

-- differs list
select map_keys(map {'a': 1})[1] as a

-- differs list
select split('a,b', ',')[1] as a

-- differs list
select array_length([1, 2]) as a

-- differs list
select list_distinct([1, 1]) is null as a

-- differs list
select array_agg(i)[1] as a from lab.kinds

-- differs list
select list(i)[1] as a from lab.kinds

-- same list
select array_agg(i) is null as a from lab.kinds

-- differs function/collect_list
select collect_list(i) is null as a from lab.kinds

-- differs list
select generate_series(1, 3) is null as a

-- differs list
select range(3) is null as a

-- differs list
select array_position(split('a,b', ','), 'b') as a

-- differs list
select array_slice([1, 2, 3], 1, 2) is null as a

-- differs list
select flatten([[1], [2]])[1] as a

-- differs list
select [1, 2] = [1, 2] as a

-- differs list
select 1 in [1, 2] as a

-- differs list
select any_value([1]) is null as a from lab.kinds

-- differs function/json_extract_string
select json_extract_string('{"a": 1}', '$.a') as a

-- differs function/get_json_object
select get_json_object('{"a": 1}', '$.a') as a

-- differs function/->>
select '{"a": 1}'->>'a' as a

-- differs list
select cast('[1, 2]' as int[])[1] as a

-- differs list
select cast(null as struct(a int)) is null as a

-- differs list
select length(split('a,b', ',')) as a

-- differs list
select string_split('a,b', ',') is null as a
