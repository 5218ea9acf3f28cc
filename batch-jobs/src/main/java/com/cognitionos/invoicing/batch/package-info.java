/** The invoice run as a Jakarta Batch job: partitioned by tenant, restartable, one tenant's fault stops nobody else. */
@NullMarked
package com.cognitionos.invoicing.batch;

import org.jspecify.annotations.NullMarked;
