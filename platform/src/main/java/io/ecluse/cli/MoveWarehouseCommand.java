package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.storage.Relocation;
import picocli.CommandLine.Command;

@Command(
    name = "warehouse",
    description =
        "Takes the environment's tables to another folder or store while they are read and written, and sets warehouse.location. Cut off anywhere, the same command goes on. What is where they were stays, until --delete-old.")
final class MoveWarehouseCommand extends MovingCommand {
  @Override
  Relocation<?> relocation(Platform platform) {
    return platform.warehouse().relocation();
  }
}
