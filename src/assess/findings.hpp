// The tests of the law, one function each; docs/law.md, Findings, says in a table what each asks.
#pragma once

#include "assess/finding.hpp"
#include "assess/matter.hpp"

namespace comity::assess {

Finding complete(const Matter& matter);            ///< F1
Finding instrument(const Matter& matter);          ///< F2
Finding dual_criminality(const Matter& matter);    ///< F3
Finding grounds_of_refusal(const Matter& matter);  ///< F4
Finding seriousness(const Matter& matter);         ///< F5
Finding connection(const Matter& matter);          ///< F6
Finding competent_authority(const Matter& matter); ///< F7
Finding specific(const Matter& matter);            ///< F8
Finding necessary(const Matter& matter);           ///< F9
Finding notice_and_remedy(const Matter& matter);   ///< F10
Finding retention_and_use(const Matter& matter);   ///< F11
Finding languages(const Matter& matter);           ///< F12
Finding recipient(const Matter& matter);           ///< F13

Finding listed_crime(const Matter& matter);          ///< E1
Finding urgency(const Matter& matter);               ///< E2
Finding demonstrated_interest(const Matter& matter); ///< E3
Finding no_third_left_out(const Matter& matter);     ///< E4
Finding within_ceiling(const Matter& matter);        ///< E5

} // namespace comity::assess
