"""What a household owes for a month: billing's side of readings, estimates, bills and money (DOMAIN §1.7, §2, §3).

Pure: prices and accounts in, lines and accounts out. Rules of charging are the portal's own, `kabinet.tariffs.rules`;
what is decided here is what billing alone decides: what counts where no reading came, and how money meets debts.
"""
