package com.cognitionos.metering.portal;

import com.cognitionos.kernel.portal.Figures;
import com.cognitionos.metering.entity.UsageColumns.Meaning;
import com.cognitionos.metering.entity.UsageUpload;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;

/** An upload of usage in words. */
@Named
@ApplicationScoped
public class UploadWords {

    private static final int BYTES_PER_KB = 1024;

    /** So much of the way is worth a word to who cannot see the bar. */
    private static final int SAID_EACH = 25;

    public String state(UsageUpload of) {
        return switch (of.status()) {
            case REFUSED -> "Cannot be read";
            case CHECKED -> "Waits for your word";
            case QUEUED -> "Waits for its turn";
            case RUNNING -> "Is taken in";
            case COMPLETED ->
                of.rejected() == 0 ? "Completed" : "Completed, " + new Figures().whole(of.rejected()) + " rejected";
            case STOPPED -> "Stopped";
            case FAILED -> "Broke off";
        };
    }

    public String tone(UsageUpload of) {
        return switch (of.status()) {
            case REFUSED, FAILED -> "bad";
            case STOPPED -> "warn";
            case COMPLETED -> of.rejected() == 0 ? "good" : "warn";
            case CHECKED, QUEUED, RUNNING -> "info";
        };
    }

    /** How far it is, in few enough steps to be read out. */
    public String said(UsageUpload of) {
        return of.isUnderWay()
                ? of.percent() / SAID_EACH * SAID_EACH + " percent read"
                : state(of) + ": " + of.taken() + " taken, " + of.duplicates() + " duplicates";
    }

    /** What a column is taken for. */
    public String meaning(Meaning meaning) {
        return switch (meaning) {
            case ID -> "Event id";
            case METER -> "Meter";
            case QUANTITY -> "Quantity";
            case TIMESTAMP -> "Time";
            case SUBJECT -> "Subject";
            case PROPERTY -> "Dimension";
            case PASSED_OVER -> "Passed over";
        };
    }

    public String separator(UsageUpload of) {
        return switch (of.separator()) {
            case ';' -> "semicolons";
            case '\t' -> "tabs";
            default -> "commas";
        };
    }

    /** What a code of a rejection means to somebody who never saw it. */
    public String reason(String code) {
        return switch (code) {
            case "entitlement_exceeded" -> "The plan or its limit is used up";
            case "id_conflict" -> "The id was reported before, with other content";
            case "too_late" -> "More than 35 days old";
            case "timestamp_in_future" -> "More than an hour ahead";
            case "unknown_meter" -> "There is no such meter";
            case "invalid_quantity" -> "The quantity is no number from 0, or has more than 6 decimals";
            case "invalid_timestamp" -> "The time is not ISO 8601 with an offset";
            case "invalid_id" -> "The id is missing or too long";
            case "missing_value" -> "What the meter tells apart is missing";
            case "no_subscription" -> "There is no live subscription";
            case "malformed" -> "The line has too few or too many cells, or one that is too long";
            default -> code;
        };
    }

    public String size(UsageUpload of) {
        long kilobytes = Math.max(1, of.bytes() / BYTES_PER_KB);
        return kilobytes < BYTES_PER_KB ? kilobytes + " KB" : kilobytes / BYTES_PER_KB + " MB";
    }
}
