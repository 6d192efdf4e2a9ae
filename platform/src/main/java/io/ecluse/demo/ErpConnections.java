package io.ecluse.demo;

import java.sql.Connection;
import java.sql.SQLException;

/** Opens connections to an ERP that may make tables and users in it; whoever asks closes them. */
@FunctionalInterface
public interface ErpConnections {
  Connection open() throws SQLException;
}
