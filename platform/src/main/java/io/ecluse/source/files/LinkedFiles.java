package io.ecluse.source.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files of a folder, links followed as long as they stay in it: whoever may put a link there
 * must not have a file read that only we can.
 *
 * @param root without links
 * @param inside the regular files, by the paths that lead there
 * @param odd what is not to be read
 */
record LinkedFiles(Path root, List<Path> inside, List<Odd> odd) {
  private static final String OUTSIDE =
      "is a symbolic link that leads out of the source's location, which is not followed; put the file itself there, or make location the folder that holds both";
  private static final String LOOP =
      "is a symbolic link to a folder that it is in, so it has no end; remove it, or name the stream's files so that it is not looked into";
  private static final String NOWHERE = "is a symbolic link to nothing; remove it, or mend it";
  private static final String CLOSED =
      "is a folder that cannot be read; may the user that runs this read it?";

  /**
   * What is not read, and why.
   *
   * @param name within the folder
   */
  record Odd(String name, String why, Kind kind) {
    /** What it is, as far as it can be told. */
    enum Kind {
      FILE,
      FOLDER
    }

    /** Whether it, or what may be in it, is what a stream asks for. */
    boolean mayBeWanted(String glob, PathMatcher matcher) {
      return matcher.matches(Path.of(name)) || kind == Kind.FOLDER && leadsInto(glob);
    }

    private boolean leadsInto(String glob) {
      if (glob.contains("**")) {
        int before = glob.substring(0, glob.indexOf("**")).lastIndexOf('/');
        return before < 0 || matches(glob.substring(0, before));
      }
      if (glob.contains("{") || glob.contains("[")) {
        return glob.contains("/"); // a slash may stand in those
      }
      int end = -1;
      for (int folders = Path.of(name).getNameCount(); folders > 0; folders--) {
        end = glob.indexOf('/', end + 1);
        if (end < 0) {
          return false;
        }
      }
      return matches(glob.substring(0, end));
    }

    private boolean matches(String folder) {
      Path path = Path.of(name);
      int depth = Path.of(folder).getNameCount();
      return depth <= path.getNameCount()
          && path.getFileSystem().getPathMatcher("glob:" + folder).matches(path.subpath(0, depth));
    }
  }

  LinkedFiles {
    inside = List.copyOf(inside);
    odd = List.copyOf(odd);
  }

  static LinkedFiles of(Path folder) throws IOException {
    Path root = folder.toRealPath();
    Walk walk = new Walk(root);
    walk.into(root, Set.of(root));
    return new LinkedFiles(root, walk.inside, walk.odd);
  }

  /** Whether no link leads there. */
  static boolean isItself(Path path) {
    try {
      return path.toRealPath().equals(path);
    } catch (IOException e) {
      return true; // it has gone, which reading it will say
    }
  }

  private static final class Walk {
    private final Path root;
    private final List<Path> inside = new ArrayList<>();
    private final List<Odd> odd = new ArrayList<>();

    Walk(Path root) {
      this.root = root;
    }

    /**
     * @param way the folders that lead here, without links
     */
    void into(Path folder, Set<Path> way) throws IOException {
      List<Path> entries;
      try (Stream<Path> listed = Files.list(folder)) {
        entries = listed.toList();
      } catch (IOException e) {
        if (folder.equals(root)) {
          throw e;
        }
        odd(folder, CLOSED, Odd.Kind.FOLDER);
        return;
      }
      for (Path path : entries) {
        look(path, way);
      }
    }

    private void look(Path path, Set<Path> way) throws IOException {
      Path real;
      try {
        real = path.toRealPath();
      } catch (IOException e) {
        if (Files.isSymbolicLink(path)) {
          odd(path, NOWHERE, Odd.Kind.FILE);
        }
        return; // else it has gone
      }
      boolean isFolder = Files.isDirectory(real);
      if (!real.startsWith(root)) {
        odd(path, OUTSIDE, isFolder ? Odd.Kind.FOLDER : Odd.Kind.FILE);
      } else if (isFolder && way.contains(real)) {
        odd(path, LOOP, Odd.Kind.FOLDER);
      } else if (isFolder) {
        Set<Path> on = new HashSet<>(way);
        on.add(real);
        into(path, on);
      } else if (Files.isRegularFile(real)) {
        inside.add(path);
      }
    }

    private void odd(Path path, String why, Odd.Kind kind) {
      odd.add(new Odd(root.relativize(path).toString().replace('\\', '/'), why, kind));
    }
  }
}
