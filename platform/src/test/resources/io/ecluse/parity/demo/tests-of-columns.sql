SELECT t."student_id" AS failing_key FROM core.apprentices t WHERE t."student_id" IN (SELECT u."student_id" FROM core.apprentices u GROUP BY u."student_id" HAVING count(*) > 1)
SELECT t."student_id" AS failing_key FROM core.apprentices t WHERE t."student_id" IS NULL
SELECT t."student_id" AS failing_key FROM core.attendance_rates t WHERE t."student_id" IN (SELECT u."student_id" FROM core.attendance_rates u GROUP BY u."student_id" HAVING count(*) > 1)
SELECT t."student_id" AS failing_key FROM core.attendance_rates t WHERE t."student_id" IS NULL
SELECT t."student_id" AS failing_key FROM core.attendance_rates t WHERE t."lessons" IS NULL
SELECT t."student_id" AS failing_key FROM core.attendance_rates t WHERE t."lessons" < 1
SELECT t."student_id" AS failing_key FROM core.attendance_rates t WHERE t."attendance_rate" IS NULL
SELECT t."student_id" AS failing_key FROM core.attendance_rates t WHERE t."attendance_rate" < 0 OR t."attendance_rate" > 1
SELECT t."student_id" AS failing_key FROM core.average_grades t WHERE t."student_id" IN (SELECT u."student_id" FROM core.average_grades u GROUP BY u."student_id" HAVING count(*) > 1)
SELECT t."student_id" AS failing_key FROM core.average_grades t WHERE t."student_id" IS NULL
SELECT t."student_id" AS failing_key FROM core.average_grades t WHERE t."grades" IS NULL
SELECT t."student_id" AS failing_key FROM core.average_grades t WHERE t."grades" < 1
SELECT t."student_id" AS failing_key FROM core.average_grades t WHERE t."average_grade" IS NULL
SELECT t."student_id" AS failing_key FROM core.average_grades t WHERE t."average_grade" < 0 OR t."average_grade" > 100
SELECT t."student_id" AS failing_key FROM core.recruitments t WHERE t."student_id" IN (SELECT u."student_id" FROM core.recruitments u GROUP BY u."student_id" HAVING count(*) > 1)
SELECT t."student_id" AS failing_key FROM core.recruitments t WHERE t."student_id" IS NULL
SELECT t."student_id" AS failing_key FROM core.recruitments t WHERE t."student_id" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM erp.students r WHERE r."id" = t."student_id")
SELECT t."student_id" AS failing_key FROM core.recruitments t WHERE t."event_id" IS NULL
SELECT t."student_id" AS failing_key FROM core.recruitments t WHERE t."events_met" < 1
SELECT NULL AS failing_key FROM marts.apprenticeships_by_region t WHERE t."region" IS NULL
SELECT NULL AS failing_key FROM marts.apprenticeships_by_region t WHERE t."promotion" IS NULL
SELECT NULL AS failing_key FROM marts.apprenticeships_by_region t WHERE t."students" IS NULL
SELECT NULL AS failing_key FROM marts.apprenticeships_by_region t WHERE t."students" < 1
SELECT NULL AS failing_key FROM marts.apprenticeships_by_region t WHERE t."apprentices" IS NULL
SELECT NULL AS failing_key FROM marts.apprenticeships_by_region t WHERE t."apprentices" < 0
SELECT NULL AS failing_key FROM marts.apprenticeships_by_region t WHERE t."apprenticeship_rate" IS NULL
SELECT NULL AS failing_key FROM marts.apprenticeships_by_region t WHERE t."apprenticeship_rate" < 0 OR t."apprenticeship_rate" > 1
SELECT NULL AS failing_key FROM marts.attendance_by_month t WHERE t."campus" IS NULL
SELECT NULL AS failing_key FROM marts.attendance_by_month t WHERE t."month" IS NULL
SELECT NULL AS failing_key FROM marts.attendance_by_month t WHERE t."weekday" IS NULL
SELECT NULL AS failing_key FROM marts.attendance_by_month t WHERE t."weekday" < 1 OR t."weekday" > 7
SELECT NULL AS failing_key FROM marts.attendance_by_month t WHERE t."expected" IS NULL
SELECT NULL AS failing_key FROM marts.attendance_by_month t WHERE t."expected" < 1
SELECT NULL AS failing_key FROM marts.attendance_by_month t WHERE t."present" IS NULL
SELECT NULL AS failing_key FROM marts.attendance_by_month t WHERE t."present" < 0
SELECT NULL AS failing_key FROM marts.attendance_by_month t WHERE t."attendance_rate" IS NULL
SELECT NULL AS failing_key FROM marts.attendance_by_month t WHERE t."attendance_rate" < 0 OR t."attendance_rate" > 1
SELECT NULL AS failing_key FROM marts.campus_promotions t WHERE t."campus" IS NULL
SELECT NULL AS failing_key FROM marts.campus_promotions t WHERE t."promotion" IS NULL
SELECT NULL AS failing_key FROM marts.campus_promotions t WHERE t."students" IS NULL
SELECT NULL AS failing_key FROM marts.campus_promotions t WHERE t."students" < 1
SELECT NULL AS failing_key FROM marts.campus_promotions t WHERE t."average_grade" < 0 OR t."average_grade" > 100
SELECT NULL AS failing_key FROM marts.campus_promotions t WHERE t."attendance_rate" < 0 OR t."attendance_rate" > 1
SELECT t."company_id" AS failing_key FROM marts.companies t WHERE t."company_id" IN (SELECT u."company_id" FROM marts.companies u GROUP BY u."company_id" HAVING count(*) > 1)
SELECT t."company_id" AS failing_key FROM marts.companies t WHERE t."company_id" IS NULL
SELECT t."company_id" AS failing_key FROM marts.companies t WHERE t."company_id" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM erp.companies r WHERE r."id" = t."company_id")
SELECT t."company_id" AS failing_key FROM marts.companies t WHERE t."apprentices" IS NULL
SELECT t."company_id" AS failing_key FROM marts.companies t WHERE t."apprentices" < 1
SELECT t."company_id" AS failing_key FROM marts.companies t WHERE t."average_grade" < 0 OR t."average_grade" > 100
SELECT NULL AS failing_key FROM marts.leavers t WHERE t."month" IS NULL
SELECT NULL AS failing_key FROM marts.leavers t WHERE t."campus" IS NULL
SELECT NULL AS failing_key FROM marts.leavers t WHERE t."reason" IS NULL
SELECT NULL AS failing_key FROM marts.leavers t WHERE t."reason" IS NOT NULL AND t."reason" NOT IN ('low grades', 'low attendance', 'both', 'neither')
SELECT NULL AS failing_key FROM marts.leavers t WHERE t."leavers" IS NULL
SELECT NULL AS failing_key FROM marts.leavers t WHERE t."leavers" < 1
SELECT NULL AS failing_key FROM marts.performance_by_origin t WHERE t."region" IS NULL
SELECT NULL AS failing_key FROM marts.performance_by_origin t WHERE t."institution" IS NULL
SELECT NULL AS failing_key FROM marts.performance_by_origin t WHERE t."met_at" IS NULL
SELECT NULL AS failing_key FROM marts.performance_by_origin t WHERE t."students" IS NULL
SELECT NULL AS failing_key FROM marts.performance_by_origin t WHERE t."students" < 1
SELECT NULL AS failing_key FROM marts.performance_by_origin t WHERE t."average_grade" IS NULL
SELECT NULL AS failing_key FROM marts.performance_by_origin t WHERE t."average_grade" < 0 OR t."average_grade" > 100
SELECT t."event_id" AS failing_key FROM marts.recruitment_by_event t WHERE t."event_id" IN (SELECT u."event_id" FROM marts.recruitment_by_event u GROUP BY u."event_id" HAVING count(*) > 1)
SELECT t."event_id" AS failing_key FROM marts.recruitment_by_event t WHERE t."event_id" IS NULL
SELECT t."event_id" AS failing_key FROM marts.recruitment_by_event t WHERE t."event_type" IS NOT NULL AND t."event_type" NOT IN ('salon', 'PO', 'immersion')
SELECT t."event_id" AS failing_key FROM marts.recruitment_by_event t WHERE t."prospects" IS NULL
SELECT t."event_id" AS failing_key FROM marts.recruitment_by_event t WHERE t."prospects" < 0
SELECT t."event_id" AS failing_key FROM marts.recruitment_by_event t WHERE t."enrolled" IS NULL
SELECT t."event_id" AS failing_key FROM marts.recruitment_by_event t WHERE t."enrolled" < 0
SELECT t."event_id" AS failing_key FROM marts.recruitment_by_event t WHERE t."average_grade" < 0 OR t."average_grade" > 100
SELECT t."student_id" AS failing_key FROM marts.students t WHERE t."student_id" IN (SELECT u."student_id" FROM marts.students u GROUP BY u."student_id" HAVING count(*) > 1)
SELECT t."student_id" AS failing_key FROM marts.students t WHERE t."student_id" IS NULL
SELECT t."student_id" AS failing_key FROM marts.students t WHERE t."gender" IS NOT NULL AND t."gender" NOT IN ('M.', 'Mme')
SELECT t."student_id" AS failing_key FROM marts.students t WHERE t."promotion" IS NOT NULL AND t."promotion" NOT IN ('ASC1', 'ASC2', 'BSC', 'MSC1', 'MSC2')
SELECT t."student_id" AS failing_key FROM marts.students t WHERE t."average_grade" < 0 OR t."average_grade" > 100
SELECT t."student_id" AS failing_key FROM marts.students t WHERE t."attendance_rate" < 0 OR t."attendance_rate" > 1
SELECT t."student_id" AS failing_key FROM marts.students t WHERE t."recruited_at_event" IS NULL
SELECT t."student_id" AS failing_key FROM marts.students t WHERE t."event_id" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM erp.events r WHERE r."id" = t."event_id")
SELECT t."student_id" AS failing_key FROM marts.students t WHERE t."event_type" IS NOT NULL AND t."event_type" NOT IN ('salon', 'PO', 'immersion')
SELECT t."student_id" AS failing_key FROM marts.students t WHERE t."has_apprenticeship" IS NULL
SELECT t."subject_id" AS failing_key FROM marts.subjects t WHERE t."subject_id" IN (SELECT u."subject_id" FROM marts.subjects u GROUP BY u."subject_id" HAVING count(*) > 1)
SELECT t."subject_id" AS failing_key FROM marts.subjects t WHERE t."subject_id" IS NULL
SELECT t."subject_id" AS failing_key FROM marts.subjects t WHERE t."grades" IS NULL
SELECT t."subject_id" AS failing_key FROM marts.subjects t WHERE t."grades" < 0
SELECT t."subject_id" AS failing_key FROM marts.subjects t WHERE t."average_grade" < 0 OR t."average_grade" > 100
SELECT t."subject_id" AS failing_key FROM marts.subjects t WHERE t."failed_rate" < 0 OR t."failed_rate" > 1
