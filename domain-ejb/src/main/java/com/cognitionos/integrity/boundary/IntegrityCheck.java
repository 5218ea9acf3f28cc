package com.cognitionos.integrity.boundary;

import com.cognitionos.audit.boundary.AuditTrail;
import com.cognitionos.integrity.boundary.IntegrityChecks.Answer;
import com.cognitionos.integrity.entity.Findings;
import com.cognitionos.integrity.entity.Invariant;
import com.cognitionos.integrity.entity.Offender;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.LeaseLost;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Asks one invariant after another; each in a transaction of its own, so that none is kept waiting by the check. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class IntegrityCheck {

    private static final Logger LOG = Logger.getLogger(IntegrityCheck.class.getName());
    private static final int PAGE = 500;
    private static final long NANOS_PER_MILLI = 1_000_000;

    @EJB
    private IntegrityChecks checks;

    @EJB
    private AuditTrail trail;

    /** Does one, from its start. */
    public void run(UUID id) {
        checks.begin(id);
        try {
            for (Invariant invariant : Invariant.values()) {
                Answer answer = answer(invariant);
                tell(answer);
                checks.answered(id, answer);
            }
            checks.ended(id, null);
        } catch (LeaseLost overtaken) {
            throw overtaken;
        } catch (RuntimeException fault) {
            LOG.log(Level.WARNING, fault, () -> "Integrity check " + id + " broke off");
            checks.ended(id, "internal, see the server's log");
        }
    }

    /** What breaks an invariant at present. */
    public Findings of(Invariant invariant) {
        return invariant == Invariant.AUDIT ? chains() : checks.ask(invariant);
    }

    private Answer answer(Invariant invariant) {
        long begun = System.nanoTime();
        Findings findings = of(invariant);
        return new Answer(invariant, findings, (System.nanoTime() - begun) / NANOS_PER_MILLI);
    }

    private Findings chains() {
        List<Offender> broken = new ArrayList<>();
        verify(null, broken);
        UUID last = new UUID(0, 0);
        for (List<UUID> page = checks.audited(last, PAGE); !page.isEmpty(); page = checks.audited(last, PAGE)) {
            page.forEach(tenant -> verify(tenant, broken));
            last = page.get(page.size() - 1);
        }
        return new Findings(
                broken.size(),
                broken.subList(0, Math.min(Findings.MOST, broken.size())).stream()
                        .toList());
    }

    private void verify(@Nullable UUID tenant, List<Offender> broken) {
        Supplier<AuditTrail.Verification> asked = trail::verify;
        Caller platform = Caller.current().acrossTenants();
        AuditTrail.Verification found =
                tenant == null ? platform.call(asked) : platform.in(tenant).call(asked);
        AuditTrail.Fault fault = found.fault();
        if (fault != null) {
            broken.add(new Offender(
                    tenant,
                    "the audit log" + (tenant == null ? " of the platform" : "")
                            + " is not as it was written from entry " + fault.seq() + " on: "
                            + fault.kind().code()));
        }
    }

    private static void tell(Answer answer) {
        Findings findings = answer.findings();
        if (findings.held()) {
            return;
        }
        Invariant invariant = answer.invariant();
        LOG.severe(() -> "Integrity: " + invariant.code() + " is broken " + findings.total() + " times ("
                + invariant.sentence() + ")");
        findings.first()
                .forEach(offender -> LOG.severe(() -> "Integrity: " + invariant.code() + ": "
                        + (offender.tenant() == null ? "" : "tenant " + offender.tenant() + ": ") + offender.what()));
    }
}
