package io.ecluse.demo;

/** What is drawn, for {@link Draw#of}; each number is used once. */
final class Kinds {
  static final long STUDENT = 11;
  static final long GRADE = 12;
  static final long ATTENDANCE = 13;
  static final long PROSPECT = 14;
  static final long EVENT = 15;
  static final long LESSON = 16;
  static final long EXAM = 17;
  static final long COMPANY = 18;
  static final long PROFESSOR = 19;
  static final long AUDIENCE = 20;

  private Kinds() {}
}
