@NullMarked
package com.cognitionos.invoicing.portal;

import org.jspecify.annotations.NullMarked;
