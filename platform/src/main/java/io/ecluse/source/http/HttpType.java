package io.ecluse.source.http;

import io.ecluse.project.Shape;
import io.ecluse.project.SourceCheck;
import io.ecluse.source.Declared;
import io.ecluse.source.Source;
import io.ecluse.source.SourceInspection;
import io.ecluse.source.SourceTools;
import io.ecluse.source.SourceType;
import java.nio.file.Path;

/** HTTP APIs that answer with JSON. */
public final class HttpType implements SourceType {
  static final String NAME = "http";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Shape.Fields shape() {
    return HttpShape.http();
  }

  @Override
  public void check(SourceCheck file) {
    new HttpCheck(file).run();
  }

  @Override
  public Source open(Declared source, SourceTools tools) {
    return new HttpSource(new DeclaredApi(source).settings(), tools.stage(), tools.decoder());
  }

  @Override
  public SourceInspection inspection(Declared source, SourceTools tools, Path scratch) {
    return new HttpInspection(
        new DeclaredApi(source).settings().impatient(),
        tools.decoder(),
        scratch,
        tools.stage().clock());
  }
}
