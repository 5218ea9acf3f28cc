package com.cognitionos.catalog.portal;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One thing that one version says otherwise than another; a dash where it says nothing about it. */
public record TermsChange(String what, String before, String after) {

    private static final String NOTHING = "\u2013";

    /** From one version to another, as {@link TermsWords#all} words them. */
    static List<TermsChange> between(Map<String, String> before, Map<String, String> after) {
        Set<String> names = new LinkedHashSet<>(after.keySet());
        names.addAll(before.keySet());
        return names.stream()
                .map(name ->
                        new TermsChange(name, before.getOrDefault(name, NOTHING), after.getOrDefault(name, NOTHING)))
                .filter(change -> !change.before().equals(change.after()))
                .toList();
    }
}
