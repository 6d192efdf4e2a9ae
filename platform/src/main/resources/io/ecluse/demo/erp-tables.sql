-- The eleven tables of a school's ERP.
--
-- As in the real one there are no foreign keys: it has attendances of lessons and grades of students
-- that are long gone, and data that comes from files keeps such rows. Primary keys are all there is.
--
-- A column marked "personal" is never shown in a report on loading.

CREATE TABLE campuses (
  id serial PRIMARY KEY,
  name varchar(30),
  address varchar(60),
  city varchar(30),
  zip varchar(10),
  region varchar(30),
  country varchar(24)
);

CREATE TABLE professors (
  id serial PRIMARY KEY,
  first_name varchar(30), -- personal
  last_name varchar(30), -- personal
  email varchar(60), -- personal
  gender varchar(12), -- personal
  date_of_birth date, -- personal
  subject_id varchar(5),
  campus_id integer
);

CREATE TABLE students (
  id integer PRIMARY KEY,
  first_name varchar(30), -- personal
  last_name varchar(30), -- personal
  email varchar(60), -- personal
  personal_email varchar(60), -- personal
  gender varchar(12), -- personal
  date_of_birth date, -- personal
  join_date date, -- personal
  left_date date, -- personal
  campus_id integer,
  promotion varchar(4)
);

CREATE TABLE audiences (
  id serial PRIMARY KEY,
  first_name varchar(30), -- personal
  last_name varchar(30), -- personal
  email varchar(60), -- personal
  gender varchar(12), -- personal
  date_of_birth date, -- personal
  event_id integer
);

CREATE TABLE events (
  id serial PRIMARY KEY,
  type varchar(24),
  date date,
  campus_id integer,
  location varchar(24),
  description varchar(120)
);

CREATE TABLE subjects (
  id varchar(5) PRIMARY KEY,
  name varchar(50),
  level varchar(5)
);

CREATE TABLE lessons (
  id serial PRIMARY KEY,
  date date,
  subject_id varchar(5),
  professor_id integer,
  campus_id integer
);

CREATE TABLE attendances (
  id serial PRIMARY KEY,
  lesson_id integer,
  student_id integer, -- personal
  present boolean -- personal
);

CREATE TABLE grades (
  id serial PRIMARY KEY,
  student_id integer, -- personal
  subject_id varchar(5),
  date date,
  grade float(2) -- personal
);

CREATE TABLE companies (
  id serial PRIMARY KEY,
  name varchar(120),
  phone varchar(14),
  email varchar(30),
  domain varchar(24),
  address varchar(60),
  city varchar(30),
  zip varchar(10),
  country varchar(30)
);

CREATE TABLE apprenticeships (
  id serial PRIMARY KEY,
  student_id integer, -- personal
  company_id integer,
  start_date date, -- personal
  end_date date -- personal
);
