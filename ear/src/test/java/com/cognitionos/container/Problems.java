package com.cognitionos.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.cognitionos.kernel.Problem;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Asserts that a caller is told what it can act on (KER-4). */
final class Problems {

    private Problems() {}

    static Problem problemOf(ThrowingCallable work) {
        Throwable thrown = catchThrowable(work);
        assertThat(thrown).isInstanceOf(Problem.class);
        return (Problem) thrown;
    }

    static void assertRefused(Problem.Kind kind, ThrowingCallable work) {
        Problem problem = problemOf(work);
        assertThat(problem.kind()).as(problem.getMessage()).isEqualTo(kind);
    }
}
