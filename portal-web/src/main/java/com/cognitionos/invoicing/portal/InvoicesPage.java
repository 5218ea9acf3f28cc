package com.cognitionos.invoicing.portal;

import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.invoicing.boundary.Invoices;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.portal.PageNumber;
import com.cognitionos.kernel.portal.Section;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import org.jspecify.annotations.Nullable;

/** The invoices, newest first. */
@Named
@RequestScoped
public class InvoicesPage {

    static final int PAGE_SIZE = 20;

    @EJB
    private Invoices invoices;

    @Inject
    @ManagedProperty("#{param.page}")
    private @Nullable String wantedPage;

    private Section<Page<InvoiceView>> page;

    @PostConstruct
    void load() {
        page = Section.load("invoices", () -> invoices.list(new Page.Request(PageNumber.of(wantedPage), PAGE_SIZE)));
    }

    public Section<Page<InvoiceView>> getPage() {
        return page;
    }

    public long getPages() {
        return Math.max(1, (page.getValue().total() + PAGE_SIZE - 1) / PAGE_SIZE);
    }

    public long getFirst() {
        return (page.getValue().page() - 1L) * PAGE_SIZE + 1;
    }

    public long getLast() {
        return getFirst() + page.getValue().items().size() - 1;
    }
}
