/** What a tenant has with us, on its billing page. */
@NullMarked
package com.cognitionos.credit.portal;

import org.jspecify.annotations.NullMarked;
