package com.cognitionos.metering.portal;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.kernel.portal.PageNumber;
import com.cognitionos.kernel.portal.Section;
import com.cognitionos.metering.boundary.UsageUploads;
import com.cognitionos.metering.boundary.UsageUploads.Sample;
import com.cognitionos.metering.entity.UsageUpload;
import com.cognitionos.metering.entity.UsageUpload.Status;
import com.cognitionos.tenancy.portal.CurrentTenant;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Files of usage: one to bring, how far it is, and those before. */
@Named
@RequestScoped
public class UsageUploadPage {

    private static final int PAGE_SIZE = 20;

    @EJB
    private UsageUploads uploads;

    @EJB
    private Plans plans;

    @Inject
    private CurrentTenant tenant;

    @Inject
    private Messages messages;

    @Inject
    private UploadWords words;

    @Inject
    @ManagedProperty("#{param.upload}")
    private @Nullable String chosen;

    @Inject
    @ManagedProperty("#{param.refused}")
    private @Nullable String refused;

    @Inject
    @ManagedProperty("#{param.page}")
    private @Nullable String wantedPage;

    private @Nullable Section<Page<UsageUpload>> list;
    private @Nullable UsageUpload upload;
    private @Nullable Sample sample;

    /** Why so many rows were rejected. */
    public record Reason(int rows, String words) {}

    @RequiresScope("usage:write")
    public void start() {
        act(id -> {
            uploads.start(id);
            return "It is being taken in. You may leave this page; it goes on.";
        });
    }

    @RequiresScope("usage:write")
    public void stop() {
        act(id -> {
            uploads.stop(id);
            return "Stopped. What was taken in stays, and counts.";
        });
    }

    @RequiresScope("usage:write")
    public void discard() {
        act(id -> {
            boolean begun = uploads.get(id).isLeftOff();
            uploads.discard(id);
            if (begun) {
                return "The rest is discarded. What was taken in stays, and counts.";
            }
            chosen = null;
            return "The file is discarded. Nothing of it was counted.";
        });
    }

    private void act(Function<UUID, String> order) {
        messages.attempt(Map.of(), () -> messages.done(order.apply(GivenId.of(chosen, "upload"))));
        upload = null;
        list = null;
    }

    /** The one that is looked at; null where none is, or where there is no such upload. */
    public @Nullable UsageUpload getUpload() {
        if (upload == null && chosen != null && !chosen.isEmpty()) {
            try {
                upload = uploads.get(GivenId.of(chosen, "upload"));
            } catch (Problem none) {
                return null;
            }
        }
        return upload;
    }

    /** Whether the address names an upload that there is not. */
    public boolean isUnknown() {
        return chosen != null && !chosen.isEmpty() && getUpload() == null;
    }

    /** What its first rows are taken for; null where nothing waits for a word. */
    public @Nullable Sample getSample() {
        UsageUpload shown = getUpload();
        if (sample == null && shown != null) {
            sample = uploads.sample(shown.id()).orElse(null);
        }
        return sample;
    }

    /** Why rows were rejected, the most frequent reason first. */
    public List<Reason> reasons(UsageUpload of) {
        return of.kept()
                ? uploads.reasons(of.id()).entrySet().stream()
                        .map(one -> new Reason(one.getValue(), words.reason(one.getKey())))
                        .toList()
                : List.of();
    }

    public Section<Page<UsageUpload>> getUploads() {
        if (list == null) {
            list = Section.load("uploads", () -> uploads.list(new Page.Request(PageNumber.of(wantedPage), PAGE_SIZE)));
        }
        return list;
    }

    /** Why the file was not even read; null where it was. */
    public @Nullable String getRefusal() {
        if (refused == null || refused.isEmpty()) {
            return null;
        }
        return switch (refused) {
            case "too_large" -> "The file is larger than " + getMostMegabytes() + " MB. Split it into several files.";
            case "too_many_uploads" ->
                "There are " + UsageUploads.MOST_OPEN
                        + " files below with rows that are not taken in. Take them in or discard them first.";
            case "overloaded" -> "Several files are being read at the moment. Try again in a few seconds.";
            default -> "Choose a file first.";
        };
    }

    public long getMostMegabytes() {
        return UsageUploads.MAX_BYTES >> 20;
    }

    public long getMostBytes() {
        return UsageUploads.MAX_BYTES;
    }

    public int getMostRows() {
        return UsageUploads.MAX_ROWS;
    }

    /** A file with what there is to report here, at the tenant's present. */
    public String getExample() {
        String now = tenant.now().truncatedTo(ChronoUnit.MINUTES).toString();
        StringBuilder lines = new StringBuilder("event_id,meter,quantity,occurred_at,model\n");
        int number = 1;
        for (Meter meter : plans.meters().stream().limit(2).toList()) {
            lines.append("import-").append(number).append(',').append(meter.code());
            lines.append(number == 1 ? ",1," : ",1250,").append(now).append(number == 1 ? ",\n" : ",small\n");
            number++;
        }
        return lines.toString().strip();
    }

    public List<Meter> getMeters() {
        return plans.meters();
    }

    public boolean isChecked(UsageUpload of) {
        return of.status() == Status.CHECKED;
    }

    public boolean isRefused(UsageUpload of) {
        return of.status() == Status.REFUSED;
    }

    public boolean isFailed(UsageUpload of) {
        return of.status() == Status.FAILED;
    }
}
