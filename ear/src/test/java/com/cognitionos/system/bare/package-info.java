/** What the gate's benchmark compares with. */
package com.cognitionos.system.bare;
