import { expect, test } from 'vitest';
import { failingRowsQuery } from './failingRows';

test('the rows that break a test can be looked for by their keys', () => {
  expect(failingRowsQuery('marts.students', 'student_id = 17, student_id = 18')).toBe("select *\nfrom marts.students\nwhere cast(student_id as varchar) in ('17', '18')");
  expect(failingRowsQuery('erp.places', "Name = Côte d'Or, ouest")).toBe("select *\nfrom erp.places\nwhere cast(\"Name\" as varchar) in ('Côte d''Or, ouest')");
  expect(failingRowsQuery('erp.places', 'row 3')).toBeNull();
});
