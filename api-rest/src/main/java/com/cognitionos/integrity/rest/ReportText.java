package com.cognitionos.integrity.rest;

import com.cognitionos.integrity.boundary.IntegrityChecks.Answer;
import com.cognitionos.integrity.boundary.IntegrityChecks.Check;
import com.cognitionos.integrity.entity.Invariant;
import com.cognitionos.integrity.entity.Offender;
import java.util.List;
import java.util.Locale;

/** What a check has found, as an operator reads it on a console. */
final class ReportText {

    private ReportText() {}

    static String of(Check check, List<Answer> answers) {
        StringBuilder text = new StringBuilder(summary(check)).append('\n');
        answers.forEach(answer -> add(text, answer));
        return text.toString();
    }

    private static String summary(Check check) {
        int all = Invariant.values().length;
        if (check.isUnderWay()) {
            return "running: " + check.answered() + " of " + all + " asked";
        }
        if (!check.status().equals("completed")) {
            return "failed: " + check.reason();
        }
        return check.held()
                ? "held: all " + all + " hold"
                : "broken: " + check.broken() + " of " + all + " do not hold";
    }

    private static void add(StringBuilder text, Answer answer) {
        boolean held = answer.findings().held();
        text.append(String.format(
                Locale.ROOT,
                "%-4s%-7s%s (%d ms)\n",
                answer.invariant().code(),
                held ? "held" : "BROKEN",
                answer.invariant().sentence(),
                answer.tookMillis()));
        if (held) {
            return;
        }
        for (Offender offender : answer.findings().first()) {
            text.append("      ")
                    .append(offender.tenant() == null ? "" : "tenant " + offender.tenant() + ": ")
                    .append(offender.what())
                    .append('\n');
        }
        long more = answer.findings().total() - answer.findings().first().size();
        if (more > 0) {
            text.append("      and ").append(more).append(" more\n");
        }
    }
}
