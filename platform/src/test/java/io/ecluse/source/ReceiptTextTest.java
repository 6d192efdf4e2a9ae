package io.ecluse.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ReceiptTextTest {
  @Test
  void saysWithUnitsWhatTheFactsSay() {
    ImpactReceipt receipt =
        new ImpactReceipt(
            new ImpactReceipt.Hold(7.534, 7.34, 6),
            OptionalLong.of(23_316_191),
            1.5,
            new ImpactReceipt.Felt(
                new ImpactReceipt.Latency(0.3, 1.39),
                new ImpactReceipt.Latency(3.3, 16.13),
                new ImpactReceipt.Latency(1.09, 2.71)),
            Map.of(
                "server_blocks_hit", 6314L,
                "server_temp_bytes", 0L,
                "server_running_ms_sampled", 780L,
                "server_of_a_plugin", 1_000_000L),
            Optional.of(new ImpactReceipt.ReplicaLag(0, 2.5, 0.1)));

    assertThat(ReceiptText.lines(receipt.facts()))
        .containsExactly(
            "7.53 s, 6 connections, 23.3 MB sent, snapshot held for 7.34 s, readers waited 1.50 s to spare it",
            "answered in ms, median (p95): before 0.30 (1.39), during 3.30 (16.13), after 1.09 (2.71)",
            "replicas behind by seconds: before 0.00, during 2.50, after 0.10",
            "the server counts: 6 314 blocks from its memory, 1 000 000 of a plugin, 780 ms at work for us (sampled), 0 B of temporary files");
  }

  @Test
  void leavesOutWhatNobodyMeasured() {
    ImpactReceipt receipt =
        new ImpactReceipt(
            new ImpactReceipt.Hold(1, 0, 1),
            OptionalLong.empty(),
            0,
            ImpactReceipt.Felt.NOTHING,
            Map.of(),
            Optional.empty());

    assertThat(ReceiptText.lines(receipt.facts()))
        .containsExactly(
            "1.00 s, 1 connection, snapshot held for 0.00 s, readers waited 0.00 s to spare it");
    assertThat(ReceiptText.lines(Map.of("streams", "3"))).isEmpty();
  }
}
