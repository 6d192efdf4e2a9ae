package io.ecluse.backup;

import io.ecluse.disk.Folders;
import io.ecluse.warehouse.Warehouse;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What people have written in a project's folder, which holds more than that.
 *
 * @param kept folders of tables and of batches, whichever environment has them
 */
public record ProjectFiles(Path folder, Set<Path> kept) {
  /** What is no file of the project, or must not be in a backup: secrets, state, history. */
  private static final Set<String> LEFT_OUT = Set.of(".ecluse", ".git");

  public ProjectFiles {
    kept = Set.copyOf(kept);
  }

  /**
   * Other backups that were put into the project are left out as well.
   *
   * @param tables where there are tables or batches, or were
   */
  List<Path> files(Backups backups, List<String> tables) throws IOException {
    Set<Path> apart = apart(tables);
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new Folders.Visitor() {
          @Override
          public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
            boolean out =
                folder.equals(each.getParent()) && LEFT_OUT.contains(each.getFileName().toString());
            return out || apart.contains(each) || backups.holds(each) || BackupFolder.isOne(each)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (Files.isRegularFile(file) && !backups.holds(file) && !BackupFile.isOne(file)) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }

  /** Tables are told without symbolic links. */
  private Set<Path> apart(List<String> tables) throws IOException {
    Path real = folder.toRealPath();
    return Stream.concat(
            kept.stream(),
            tables.stream()
                .filter(each -> each.startsWith("/"))
                .map(Path::of)
                .filter(each -> each.startsWith(real))
                .map(each -> folder.resolve(real.relativize(each)))
                .filter(Warehouse::isRoot))
        .filter(each -> !each.equals(folder))
        .collect(Collectors.toSet());
  }
}
