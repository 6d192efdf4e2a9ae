package io.ecluse.serve;

import io.ecluse.schema.TableName;
import java.util.function.BiConsumer;
import org.apache.iceberg.rest.requests.RenameTableRequest;

/** What a request to rename a table or view asks for. */
record Renaming(TableName from, TableName to) {
  /**
   * One that the caller may ask for, of something that is there, into a schema that is there.
   *
   * @param find fails if there is nothing of that name
   */
  static Renaming of(Visit visit, BiConsumer<Visit, TableName> find) {
    RenameTableRequest request = Wire.read(visit.ask(), RenameTableRequest.class);
    Renaming renaming =
        new Renaming(Visit.name(request.source()), Visit.name(request.destination()));
    visit.requireWrite(renaming.from());
    visit.requireWrite(renaming.to());
    find.accept(visit, renaming.from());
    NamespaceRoutes.require(visit, renaming.to().schema());
    return renaming;
  }
}
