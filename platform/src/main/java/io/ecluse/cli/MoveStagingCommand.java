package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.storage.Relocation;
import picocli.CommandLine.Command;

@Command(
    name = "staging",
    description =
        "Takes the environment's batches to another folder or store while they are read and made, and sets staging.location. Cut off anywhere, the same command goes on. What is where they were stays, until --delete-old.")
final class MoveStagingCommand extends MovingCommand {
  @Override
  Relocation<?> relocation(Platform platform) {
    return platform.staging().relocation(platform.warehouse()::onceFilesStay);
  }
}
