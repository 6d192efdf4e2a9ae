package org.example.tsv;

import io.ecluse.source.Source;
import io.ecluse.source.SourceFactory;

/** Opens sources of type {@code typed_tsv}. */
public final class TypedTsvFactory implements SourceFactory {
  @Override
  public String type() {
    return "typed_tsv";
  }

  @Override
  public Source open(Opening opening) {
    return new TypedTsvSource(
        opening,
        opening.project().resolve(opening.setting("location")),
        opening.find("missing").orElse("\\N"));
  }
}
