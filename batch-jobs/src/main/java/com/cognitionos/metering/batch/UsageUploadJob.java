package com.cognitionos.metering.batch;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Lease;
import com.cognitionos.kernel.LeaseLost;
import com.cognitionos.kernel.batch.AfterCommit;
import com.cognitionos.kernel.batch.LeaseKeeper;
import com.cognitionos.metering.boundary.UsageUploadStarter;
import com.cognitionos.metering.boundary.UsageUploads;
import com.cognitionos.metering.boundary.UsageUploads.Due;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.LocalBean;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Takes uploads in: as they are started, when their turn comes, and again where one fell silent. One of a tenant at a time. */
@Singleton
@LocalBean
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class UsageUploadJob implements UsageUploadStarter {

    private static final Logger LOG = Logger.getLogger(UsageUploadJob.class.getName());
    private static final String JOB = "usage-upload";
    private static final Caller CALLER = Caller.job(JOB);

    /** On one node; the database has other work. */
    private static final int AT_ONCE = 2;

    private final Semaphore places = new Semaphore(AT_ONCE);

    @EJB
    private UsageUploads uploads;

    @EJB
    private LeaseKeeper keeper;

    @Inject
    private AfterCommit afterCommit;

    @Override
    @TransactionAttribute(TransactionAttributeType.SUPPORTS)
    public void start(UUID tenant, UUID upload) {
        afterCommit.run(() -> submit(new Due(tenant, upload)));
    }

    @Schedule(hour = "*", minute = "*", second = "*/3", persistent = false)
    void whoseTurnItIs() {
        CALLER.call(() -> uploads.due(AT_ONCE)).forEach(this::submit);
    }

    @Schedule(hour = "4", minute = "10", persistent = false)
    void tidyUp() {
        int gone = CALLER.call(uploads::tidyUp);
        if (gone > 0) {
            LOG.info("Old uploads of usage let go: " + gone);
        }
    }

    private void submit(Due due) {
        if (!places.tryAcquire()) {
            return;
        }
        boolean started = false;
        try {
            Optional<Lease> lease = CALLER.call(() -> uploads.take(due));
            if (lease.isPresent()) {
                keeper.start(
                        JOB,
                        lease.get(),
                        Map.of(
                                "tenant",
                                due.tenant().toString(),
                                "upload",
                                due.upload().toString()));
                started = true;
            }
        } finally {
            if (!started) {
                places.release();
            }
        }
    }

    /** Does one, by its tenant's lease with that fence. */
    public void take(Due due, long fence) {
        try {
            keeper.work(
                    new Lease(UsageUploads.lease(due.tenant()), fence),
                    CALLER,
                    () -> CALLER.in(due.tenant()).run(() -> take(due.upload())));
        } finally {
            places.release();
        }
    }

    private void take(UUID upload) {
        if (!uploads.begin(upload)) {
            return;
        }
        try {
            while (uploads.takeNext(upload)) {
                // part after part
            }
        } catch (LeaseLost overtaken) {
            throw overtaken;
        } catch (RuntimeException fault) {
            // Whoever takes the lease once it has run out goes on, a few times.
            LOG.log(Level.WARNING, fault, () -> "Upload " + upload + " broke off");
            throw fault;
        }
    }
}
