/** What is owed to the state on top, for finance. */
@NullMarked
package com.cognitionos.tax.portal;

import org.jspecify.annotations.NullMarked;
