package io.ecluse.source.jdbc;

import io.ecluse.source.Declared;
import io.ecluse.source.Source;
import io.ecluse.source.SourceInspection;
import io.ecluse.source.SourceTools;
import io.ecluse.source.SourceType;
import java.nio.file.Path;
import java.time.Clock;

/** A kind of database that is read by JDBC. */
interface JdbcType extends SourceType {
  JdbcSettings settings(Declared source);

  Dialect dialect(Clock clock);

  @Override
  default Source open(Declared source, SourceTools tools) {
    return new JdbcSource(settings(source), dialect(tools.stage().clock()), tools.stage());
  }

  @Override
  default SourceInspection inspection(Declared source, SourceTools tools, Path scratch) {
    return new JdbcInspection(JdbcAccess.to(settings(source), dialect(tools.stage().clock())));
  }

  @Override
  default boolean leavesRowsOut() {
    return true;
  }
}
