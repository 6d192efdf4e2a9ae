package io.ecluse.demo;

import java.util.List;

/** The promotions of the generated school, and what each learns. */
final class Curriculum {
  static final List<String> PROMOTIONS = List.of("ASC1", "ASC2", "BSC", "MSC1", "MSC2");

  private static final List<List<Subject>> SUBJECTS =
      List.of(
          subjects(
              "1ALGO Algorithms",
              "1PROG Programming",
              "1WEBS Web Pages",
              "1BASE Databases",
              "1NETW Networks",
              "1SYST Operating Systems",
              "1MATH Mathematics",
              "1LAWS Law",
              "1TEAM Working in Teams",
              "1ENGL English"),
          subjects(
              "2JAVA Java",
              "2CCPP C and C++",
              "2PHPS PHP",
              "2UIXD Interface Design",
              "2LINX Linux",
              "2CLOU Cloud Basics",
              "2DATA Data Analysis",
              "2STAT Statistics",
              "2SEOS Web Marketing",
              "2PROJ Projects",
              "2ACCO Accounting",
              "2COMM Communication",
              "2SECU Security Basics",
              "2ENGL English"),
          subjects(
              "3AGIL Agile Methods",
              "3MOBI Mobile Development",
              "3WEBA Web Applications",
              "3SQLS Advanced SQL",
              "3NETS Routing and Switching",
              "3SECU Security",
              "3TEST Testing",
              "3DVOP DevOps",
              "3MGMT Management",
              "3MLIN Machine Learning Basics",
              "3GRPH Graphs",
              "3ENGL English"),
          subjects(
              "4ARCH Architecture",
              "4DATA Data Science",
              "4DOKR Containers",
              "4KUBE Orchestration",
              "4GDPR Data Protection",
              "4PENE Penetration Tests",
              "4VIRT Virtualisation",
              "4MLSP Machine Learning",
              "4CHGM Change Management",
              "4STRM Data Streams",
              "4ENGL English"),
          subjects(
              "5DOOP Distributed Data",
              "5DEEP Deep Learning",
              "5AIML Applied AI",
              "5DATA Data Engineering",
              "5ITIL Service Management",
              "5RBIG R for Statistics",
              "5STRA Strategy",
              "5ENGL English"));

  private Curriculum() {}

  /** A subject. */
  record Subject(String id, String name) {}

  /** Subjects of a year of studies, counted from 0. */
  static List<Subject> subjects(int year) {
    return SUBJECTS.get(year);
  }

  static int years() {
    return SUBJECTS.size();
  }

  private static List<Subject> subjects(String... lines) {
    return List.of(lines).stream()
        .map(line -> new Subject(line.substring(0, 5), line.substring(6)))
        .toList();
  }
}
