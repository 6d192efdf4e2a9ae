package io.ecluse;

import io.ecluse.error.ErrorCode;
import io.ecluse.project.Settings;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The folders that hold rows of people, and secrets: no other user of the machine gets into them,
 * so whatever mode a file in them has, nobody else reads it. Where {@link #UMASK} is set, that
 * decides instead, and folders are left as they are.
 */
final class PrivateFolders {
  /** Which rights new files and folders lack, in octal; the launcher sets it for the process. */
  static final String UMASK = "ECLUSE_UMASK";

  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rwx------");
  private static final FileAttribute<?> OWNER_ONLY = PosixFilePermissions.asFileAttribute(OWNER);

  private final boolean told;

  PrivateFolders(Map<String, String> variables) {
    this.told = !variables.getOrDefault(UMASK, "").isBlank();
  }

  /** Before anything is written: what is elsewhere, as on S3, is for its own to guard. */
  void close(Path state, Settings settings) {
    close(state);
    close(state.resolve("spill"));
    close(state.resolve("stored"));
    for (String each : List.of(settings.warehouse().location(), settings.staging().location())) {
      if (!each.contains("://")) {
        close(Path.of(each).resolve(settings.environment()));
      }
    }
  }

  /** Makes a folder, or closes one that is there, to other users; one of another user is left. */
  void close(Path folder) {
    try {
      if (told) {
        Files.createDirectories(folder);
        return;
      }
      make(folder);
      Path real = folder.toRealPath();
      if (Files.getAttribute(real, "unix:uid").equals(Files.getAttribute(self(), "unix:uid"))) {
        tighten(real);
      }
    } catch (IOException | UnsupportedOperationException e) {
      throw ErrorCode.INVALID_USAGE.error(
          "Could not keep the folder %s from other users of this machine (%s); set %s, as in 027, to leave that to you"
              .formatted(folder, e.getMessage(), UMASK),
          e);
    }
  }

  private static void make(Path folder) throws IOException {
    try {
      Files.createDirectories(folder, OWNER_ONLY);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) { // a link to a folder is one
        throw e;
      }
    }
  }

  private static Path self() {
    return Path.of("/proc/self");
  }

  private static void tighten(Path folder) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(folder, PosixFileAttributeView.class);
    Set<PosixFilePermission> rights = EnumSet.copyOf(OWNER);
    if (!view.readAttributes().permissions().equals(rights)) {
      view.setPermissions(rights);
    }
  }
}
