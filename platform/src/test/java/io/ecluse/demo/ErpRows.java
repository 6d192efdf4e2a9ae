package io.ecluse.demo;

import io.ecluse.postgres.Carrier;

/** What the demo's ERP is carried by, for tests of other packages. */
public final class ErpRows {
  private ErpRows() {}

  public static Carrier carrier() {
    return new ErpCarrier();
  }
}
