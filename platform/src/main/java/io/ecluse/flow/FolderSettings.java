package io.ecluse.flow;

import io.ecluse.project.Secrets;
import io.ecluse.project.SourceFile;
import io.ecluse.source.FileFormat;
import io.ecluse.source.files.FilesSettings;
import io.ecluse.storage.Storages;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Makes the settings of a folder of files, its secrets resolved at that moment, those of its store
 * when it is reached.
 *
 * @param home the project's folder, from which paths are seen
 */
record FolderSettings(Secrets secrets, Path home) {
  /** SECRET_MISSING. */
  FilesSettings of(SourceFile file, SourceFile.Folder folder) {
    Map<String, FilesSettings.Stream> streams = new LinkedHashMap<>();
    folder.streams().forEach((name, spec) -> streams.put(name, stream(spec)));
    String said = folder.location().resolve(secrets);
    String location = Storages.isRemote(said) ? said : home.resolve(said).normalize().toString();
    return new FilesSettings(
        file.name(), location, () -> Stores.settings(folder.store(), secrets, home), streams);
  }

  private static FilesSettings.Stream stream(SourceFile.Files files) {
    SourceFile.Csv csv = files.csv();
    FileFormat.Header header =
        csv.header().orElse(true) ? FileFormat.Header.YES : FileFormat.Header.NO;
    return new FilesSettings.Stream(
        files.files(),
        files.mode() == SourceFile.Mode.NEW_FILES
            ? FilesSettings.Mode.NEW_FILES
            : FilesSettings.Mode.FULL,
        files.format().map(f -> FileFormat.Kind.valueOf(f.toUpperCase(Locale.ROOT))),
        new FileFormat.Csv(
            csv.delimiter(), csv.quote(), header, csv.nullText(), csv.skip(), csv.comment()),
        new FileFormat.Sheet(
            files.sheet().sheet(),
            files.sheet().start().orElse(FileFormat.Sheet.USUAL.start()),
            files.sheet().header().orElse(true) ? FileFormat.Header.YES : FileFormat.Header.NO),
        files.encoding(),
        files.types());
  }
}
