package com.cognitionos.alert.entity;

import com.cognitionos.kernel.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a tenant wants to be told of days that are unlike its own history.
 *
 * @param except meters of which it is never told, in order
 */
public record AnomalySettings(Sensitivity sensitivity, List<String> except) {

    public static final AnomalySettings USUAL = new AnomalySettings(Sensitivity.NORMAL, List.of());

    /**
     * How far from what is usual a day must be. The figures were found by simulation; ADR 23 has what each finds and how often
     * it is wrong.
     */
    public enum Sensitivity {
        OFF(0, 0, 0, 0),
        LOW(10, 3, 2, 1.5),
        NORMAL(6, 2, 1.5, 1.25),
        HIGH(4, 1.5, 1.25, 1.1);

        final double spreads;
        final double times;
        final double timesWeekday;
        final double timesHighest;

        /**
         * @param spreads by how many spreads a day must be above the usual one
         * @param times how many times the usual it must be
         * @param timesWeekday how many times the highest of the same weekdays
         * @param timesHighest how many times the highest day of all, where days spread widely
         */
        Sensitivity(double spreads, double times, double timesWeekday, double timesHighest) {
            this.spreads = spreads;
            this.times = times;
            this.timesWeekday = timesWeekday;
            this.timesHighest = timesHighest;
        }

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Sensitivity> of(String code) {
            return Arrays.stream(values())
                    .filter(one -> one.code().equals(code))
                    .findFirst();
        }
    }

    public AnomalySettings {
        except = except.stream().sorted().toList();
    }

    public boolean isOff() {
        return sensitivity == Sensitivity.OFF;
    }

    public boolean watches(String meter) {
        return !isOff() && !except.contains(meter);
    }

    /** @param known the meters that there are. @throws Problem INVALID */
    void check(Set<String> known) {
        for (int i = 0; i < except.size(); i++) {
            String meter = except.get(i);
            if (!known.contains(meter)) {
                throw Problem.invalid("anomalies/except", "unknown_meter", "there is no meter " + meter);
            }
            if (except.indexOf(meter) < i) {
                throw Problem.invalid("anomalies/except", "duplicate", "each meter is named once");
            }
        }
    }
}
