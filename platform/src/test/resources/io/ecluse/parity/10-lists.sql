-- differs ?
select [1, 2, 3][1] as a

-- differs ?
select array[1, 2, 3][1] as a

-- differs ?
select array(1, 2, 3)[0] as a

-- differs ?
select list_value(1, 2)[1] as a

-- differs ?
select len([1, 2, 3]) as a

-- differs ?
select cardinality(array(1, 2)) as a

-- differs ?
select size(array(1, 2)) as a

-- differs ?
select list_contains([1, 2], 1) as a

-- differs ?
select array_contains(array(1, 2), 1) as a

-- differs ?
select array_to_string([1, 2], ',') as a

-- differs ?
select array_join(array('a', 'b'), ',') as a

-- differs ?
select list_sum([1, 2]) as a

-- differs ?
select list_sort([2, 1])[1] as a

-- differs ?
select list_transform([1, 2], lambda x: x + 1)[1] as a

-- differs ?
select list_transform([1, 2], x -> x + 1)[1] as a

-- differs ?
select list_filter([1, 2], lambda x: x > 1)[1] as a

-- differs ?
select [x + 1 for x in [1, 2]][1] as a

-- differs ?
select unnest([1, 2]) as a

-- differs ?
select explode(array(1, 2)) as a

-- differs ?
select u as a from unnest([1, 2]) t(u)

-- differs ?
select * from (select unnest([1, 2]) as a) t

-- differs ?
select {'a': 1}.a as a

-- differs ?
select struct_pack(a := 1).a as a

-- differs ?
select named_struct('a', 1).a as a

-- differs ?
select row(1, 2) = row(1, 2) as a

-- same
select (1, 2) = (1, 2) as a

-- differs ?
select map {'a': 1}['a'] as a

-- differs ?
select map('a', 1)['a'] as a

-- differs ?
select element_at(map(['a'], [1]), 'a') as a

-- differs ?
select map_keys(map {'a': 1})[1] as a

-- differs ?
select split('a,b', ',')[1] as a

-- differs ?
select array_length([1, 2]) as a

-- differs ?
select list_distinct([1, 1]) is null as a

-- differs ?
select array_agg(i)[1] as a from lab.kinds

-- differs ?
select list(i)[1] as a from lab.kinds

-- same
select array_agg(i) is null as a from lab.kinds

-- differs ?
select collect_list(i) is null as a from lab.kinds

-- differs ?
select generate_series(1, 3) is null as a

-- differs ?
select range(3) is null as a

-- differs ?
select array_position(split('a,b', ','), 'b') as a

-- differs ?
select array_slice([1, 2, 3], 1, 2) is null as a

-- differs ?
select flatten([[1], [2]])[1] as a

-- differs ?
select [1, 2] = [1, 2] as a

-- differs ?
select 1 in [1, 2] as a

-- differs ?
select any_value([1]) is null as a from lab.kinds

-- differs ?
select json_extract_string('{"a": 1}', '$.a') as a

-- differs ?
select get_json_object('{"a": 1}', '$.a') as a

-- differs ?
select '{"a": 1}'->>'a' as a

-- differs ?
select cast('[1, 2]' as int[])[1] as a

-- differs ?
select cast(null as struct(a int)) is null as a

-- differs ?
select length(split('a,b', ',')) as a

-- differs ?
select string_split('a,b', ',') is null as a
