package com.cognitionos.credit.rest;

import com.cognitionos.credit.boundary.PrepaidCreditNews;
import com.cognitionos.credit.boundary.PrepaidCredits.CreditView;
import com.cognitionos.credit.boundary.PrepaidCredits.Use;
import com.cognitionos.kernel.Inlined;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A prepaid credit, with what it was used for. */
public record CreditReply(@Inlined PrepaidCreditNews news, List<Used> uses) {

    public record Used(UUID invoiceId, long cents, Instant at) {
        static Used of(Use use) {
            return new Used(use.invoiceId(), use.cents(), use.at());
        }
    }

    static CreditReply of(CreditView view) {
        return new CreditReply(
                PrepaidCreditNews.of(view), view.uses().stream().map(Used::of).toList());
    }
}
