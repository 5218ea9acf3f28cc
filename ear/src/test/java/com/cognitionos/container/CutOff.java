package com.cognitionos.container;

import java.util.function.BiPredicate;

/**
 * A node that ends at one point of what this thread does to the database. Points are before each statement and each commit, and
 * after each commit, whose answer is then lost; the point after a statement is the one before the next. From there on the
 * thread has no database until it is closed, so that nothing tidies up, as nothing would after a kill.
 */
final class CutOff implements BiPredicate<String, Boolean>, AutoCloseable {

    /** As the test's driver has it; its class is not to be seen from here. */
    private static final String KEY = "com.cognitionos.cutoff";

    private static final String COMMIT = "COMMIT";

    private final Thread thread = Thread.currentThread();
    private final int point;
    private int passed;
    private String where = "";

    private CutOff(int point) {
        this.point = point;
    }

    /** From now on. @param point from 1 */
    static CutOff at(int point) {
        CutOff cut = new CutOff(point);
        System.getProperties().put(KEY, cut);
        return cut;
    }

    @Override
    public boolean test(String sql, Boolean done) {
        if (Thread.currentThread() != thread || done && !sql.equals(COMMIT)) {
            return false;
        }
        passed++;
        if (passed == point) {
            where = (done ? "after " : "before ")
                    + sql.strip().lines().findFirst().orElse("");
        }
        return passed >= point;
    }

    /** Whether the point came. */
    boolean came() {
        return passed >= point;
    }

    @Override
    public String toString() {
        return "point " + point + ", " + where;
    }

    @Override
    public void close() {
        System.getProperties().remove(KEY);
    }
}
