package com.cognitionos.integrity.entity;

import java.util.List;

/** What was found of an invariant. @param total all that break it. @param first of them, {@value #MOST} at most */
public record Findings(long total, List<Offender> first) {

    public static final int MOST = 20;

    public boolean held() {
        return total == 0;
    }
}
