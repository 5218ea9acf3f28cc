@NullMarked
package com.cognitionos.invoicing.control;

import org.jspecify.annotations.NullMarked;
