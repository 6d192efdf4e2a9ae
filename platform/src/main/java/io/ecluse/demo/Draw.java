package io.ecluse.demo;

import java.util.List;

/**
 * Pseudo-random numbers that are the same on every machine and Java: SplitMix64 (Steele, Lea and
 * Flood, 2014), its state derived from a key, so that every thing that is generated draws from a
 * sequence of its own, whatever was generated before it.
 */
final class Draw {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;
  private static final double UNIT = 0x1.0p-53;

  private long state;

  private Draw(long state) {
    this.state = state;
  }

  /** The sequence of one thing of a kind. */
  static Draw of(long seed, long kind, long thing) {
    return new Draw(mix(mix(mix(seed + GOLDEN) ^ (kind * GOLDEN)) + thing * GOLDEN));
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Evenly from 0 to below 1. */
  double unit() {
    state += GOLDEN;
    return (mix(state) >>> 11) * UNIT;
  }

  /** Evenly from 0 to below the bound. */
  int below(int bound) {
    return (int) (unit() * bound);
  }

  /** Evenly between two whole numbers, both included. */
  int between(int least, int greatest) {
    return least + below(greatest - least + 1);
  }

  boolean chance(double probability) {
    return unit() < probability;
  }

  /** Mean 0, deviation 1: Box and Muller, by StrictMath, which gives the same bits everywhere. */
  double gaussian() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - unit()));
    return radius * StrictMath.cos(2 * StrictMath.PI * unit());
  }

  <T> T oneOf(List<T> values) {
    return values.get(below(values.size()));
  }

  /** One of the values, each as likely as its weight; weights add up to 1. */
  <T> T oneOf(List<T> values, double... weights) {
    return values.get(weighted(weights));
  }

  /** An index, each as likely as its weight; weights add up to 1. */
  int weighted(double... weights) {
    double left = unit();
    for (int i = 0; i < weights.length - 1; i++) {
      left -= weights[i];
      if (left < 0) {
        return i;
      }
    }
    return weights.length - 1;
  }
}
