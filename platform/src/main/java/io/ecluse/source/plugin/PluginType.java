package io.ecluse.source.plugin;

import io.ecluse.project.Shape;
import io.ecluse.project.SourceKeys;
import io.ecluse.source.Declared;
import io.ecluse.source.Source;
import io.ecluse.source.SourceFactory;
import io.ecluse.source.SourceInspection;
import io.ecluse.source.SourceTools;
import io.ecluse.source.SourceType;
import io.ecluse.source.Terms;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A kind of source that a jar brings; what its files may say, the jar's description has said. */
record PluginType(SourceFactory factory) implements SourceType {
  @Override
  public String name() {
    return factory.type();
  }

  @Override
  public Shape.Fields shape() {
    return SourceKeys.file("a source of type " + name(), name(), "", Map.of());
  }

  @Override
  public Source open(Declared source, SourceTools tools) {
    return factory.open(opening(source, tools));
  }

  @Override
  public SourceInspection inspection(Declared source, SourceTools tools, Path scratch) {
    return factory
        .inspection(opening(source, tools))
        .orElseGet(() -> SourceType.super.inspection(source, tools, scratch));
  }

  @Override
  public boolean leavesRowsOut() {
    return factory.leavesRowsOut();
  }

  private static SourceFactory.Opening opening(Declared source, SourceTools tools) {
    return new SourceFactory.Opening(
        source.name(),
        source.texts(source.content().entries("settings")),
        List.copyOf(source.file().streams().keySet()),
        source.folder(),
        tools.stage(),
        Terms.of(source));
  }
}
