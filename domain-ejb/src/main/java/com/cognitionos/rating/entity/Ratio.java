package com.cognitionos.rating.entity;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** An exact fraction, in lowest terms, {@code denominator} above 0. What lies between two amounts is kept in these. */
record Ratio(BigInteger numerator, BigInteger denominator) implements Comparable<Ratio> {

    static final Ratio ZERO = of(0);
    static final Ratio ONE = of(1);

    Ratio {
        if (denominator.signum() == 0) {
            throw new ArithmeticException("a fraction needs a denominator other than 0");
        }
        BigInteger divisor = numerator.gcd(denominator);
        if (denominator.signum() < 0) {
            divisor = divisor.negate();
        }
        numerator = numerator.divide(divisor);
        denominator = denominator.divide(divisor);
    }

    static Ratio of(long value) {
        return new Ratio(BigInteger.valueOf(value), BigInteger.ONE);
    }

    static Ratio of(long numerator, long denominator) {
        return new Ratio(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
    }

    static Ratio ofPercent(BigDecimal percent) {
        BigDecimal fraction = percent.movePointLeft(2);
        return fraction.scale() <= 0
                ? new Ratio(fraction.toBigIntegerExact(), BigInteger.ONE)
                : new Ratio(fraction.unscaledValue(), BigInteger.TEN.pow(fraction.scale()));
    }

    Ratio plus(Ratio other) {
        return new Ratio(
                numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                denominator.multiply(other.denominator));
    }

    Ratio minus(Ratio other) {
        return plus(new Ratio(other.numerator.negate(), other.denominator));
    }

    Ratio times(Ratio other) {
        return new Ratio(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
    }

    Ratio dividedBy(Ratio other) {
        return new Ratio(numerator.multiply(other.denominator), denominator.multiply(other.numerator));
    }

    /** The value nearest to this one from {@code low} to {@code high}. */
    Ratio within(Ratio low, Ratio high) {
        if (compareTo(low) < 0) {
            return low;
        }
        return compareTo(high) > 0 ? high : this;
    }

    int signum() {
        return numerator.signum();
    }

    /** Towards 0. */
    long truncated() {
        return numerator.divide(denominator).longValueExact();
    }

    /** Half up, away from 0, so that a credit is rounded as its charge was. */
    long rounded() {
        return new BigDecimal(numerator)
                .divide(new BigDecimal(denominator), 0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    @Override
    public int compareTo(Ratio other) {
        return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
    }
}
