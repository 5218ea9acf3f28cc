package com.cognitionos.system;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What no reply and no log may tell. */
final class Leaks {

    private static final List<Pattern> INTERNALS = List.of(
            Pattern.compile("\\bat [a-z][\\w.$]+\\([\\w.]+(:\\d+)?\\)"),
            Pattern.compile(
                    "\\b(?!jakarta\\.faces\\.)(java|javax|jakarta|sun|org\\.(postgresql|apache|jboss|primefaces)|com\\.(cognitionos|ibm))"
                            + "\\.[a-z]+[\\w.]*\\.[A-Z]\\w+"),
            Pattern.compile("\\b\\w+(Exception|SQLState)\\b"),
            Pattern.compile("\\b(SELECT\\s.{1,200}\\sFROM|INSERT INTO|UPDATE \\w+ SET|DELETE FROM)\\s"),
            Pattern.compile("\\b(cog_rt|cog_app|cog_platform|row-level security|violates \\w+ constraint)\\b"),
            Pattern.compile("(SRVE|CWWK|CWNEN|EJB|WELD-|CNTR|RESTEASY)\\d{4,}"),
            Pattern.compile("(^|[\\s\"'(=])/(home|root|tmp|opt|usr|var|work)/\\w"));

    private static final Set<String> SECRETS = ConcurrentHashMap.newKeySet();

    private Leaks() {}

    /** Remembers what must be in no log. */
    static void secret(String secret) {
        if (secret.length() >= 12) {
            SECRETS.add(secret);
        }
    }

    static Set<String> secrets() {
        return Set.copyOf(SECRETS);
    }

    /** @throws AssertionError if the reply tells how the server is made */
    static void refuseIn(String what, String reply) {
        // PrimeFaces names the error pages of the descriptor to its own script.
        reply = reply.replaceAll("errorPages:\\{[^}]*}", "");
        for (Pattern internal : INTERNALS) {
            Matcher found = internal.matcher(reply);
            if (found.find()) {
                throw new AssertionError("The reply to " + what + " tells \"" + found.group() + "\": "
                        + reply.substring(
                                Math.max(0, found.start() - 150), Math.min(reply.length(), found.end() + 150)));
            }
        }
    }
}
