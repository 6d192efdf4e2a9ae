/** What programs of the project, and the application on Spark, say. */
export const SENTENCES_OF_SPARK: [server: string, french: string][] = [
  [
    'Programs need Spark, which there is none of here; make it a model, or take this task out',
    "Un programme a besoin de Spark, qui n'est pas là ; faites-en un modèle, ou enlevez cette tâche",
  ],
  ["The program {0} cannot be read in the project's folder: {1}", 'Le programme {0} ne peut pas être lu dans le dossier du projet : {1}'],
  ["The program {0} is no file within the project's folder", "Le programme {0} n'est pas un fichier du dossier du projet"],
  ['The program {0} cannot be read', 'Le programme {0} ne peut pas être lu'],
  [
    "A program for Spark is a file that ends with .jar, .py or .sql, but this is '{0}'",
    'Un programme pour Spark est un fichier qui finit par .jar, .py ou .sql, mais on a « {0} »',
  ],
  ['A jar needs its class', 'Il faut la classe du jar'],
  ['add class: the one with the main method', 'ajoutez class : celle qui a la méthode main'],
  ['A program needs to say which tables it makes', 'Un programme doit dire quelles tables il produit'],
  ['Only a jar has a class, and this is none', "Seul un jar a une classe, et ceci n'en est pas un"],
  ['take class out', 'enlevez class'],
  ['Statements take no arguments', 'Des instructions SQL ne prennent pas de paramètres'],
  ["A package is group:artifact:version, but this is '{0}'", "Un paquet s'écrit groupe:artefact:version, mais on a « {0} »"],
  [
    "A file of a program is one of the project's folder, but this is '{0}'",
    "Un fichier d'un programme est du dossier du projet, mais on a « {0} »",
  ],
  ['{0} cannot be set for one program', '{0} ne peut pas être réglé pour un seul programme'],
  [
    'programs share an application: set spark.sql.… or spark.hadoop.… here, and the rest under conf of the cluster',
    'les programmes partagent une application : réglez ici spark.sql.… ou spark.hadoop.…, et le reste sous conf du cluster',
  ],
  ['add writes: [schema.table]', 'ajoutez writes: [schéma.table]'],
  [
    'Spark needs more memory than the driver or its executors have; raise spark.executor.memory or spark.driver.memory of the cluster, or select fewer columns or rows',
    "Spark a besoin de plus de mémoire que n'en ont le pilote ou ses exécuteurs ; augmentez spark.executor.memory ou spark.driver.memory du cluster, ou sélectionnez moins de colonnes ou de lignes",
  ],
  [
    'A disk of the cluster is full (spark.local.dir, or where the table is); make space and run it again',
    'Un disque du cluster est plein (spark.local.dir, ou là où est la table) ; faites de la place et relancez',
  ],
  [
    'The result is larger than the driver may take (spark.driver.maxResultSize); select fewer rows',
    'Le résultat est plus grand que ce que le pilote peut recevoir (spark.driver.maxResultSize) ; sélectionnez moins de lignes',
  ],
  [
    "The platform's catalog or the storage cannot be reached from Spark; see that the cluster's machines reach it, then run it again",
    'Spark ne peut pas joindre le catalogue de la plateforme ou le stockage ; vérifiez que les machines du cluster les joignent, puis relancez',
  ],
  ["The catalog of the run does not take the job's token (any more); run it again", "Le catalogue de l'exécution n'accepte pas (ou plus) le jeton du travail ; relancez"],
  ['The program ended by a {0}; the driver\'s log has its text', "Le programme s'est terminé par {0} ; le journal du pilote en a le texte"],
  ['The program ended with the exit code {0}; its output tells why', "Le programme s'est terminé avec le code {0} ; sa sortie dit pourquoi"],
  ['The jar {0} has no class {1} with a public static void main(String[])', "Le jar {0} n'a pas de classe {1} avec un public static void main(String[])"],
  ['The job was cancelled', 'Le travail a été annulé'],
  [
    'A door for the catalog cannot be opened at {0}: {1}; look at address of the cluster in ecluse.yaml',
    'Une porte pour le catalogue ne peut pas être ouverte à {0} : {1} ; regardez address du cluster dans ecluse.yaml',
  ],
  [
    'Cluster {0} is of kind {1}, whose applications a service starts: {2} cannot be joined to it from here; choose another by --cluster',
    'Le cluster {0} est de type {1}, dont un service démarre les applications : {2} ne peut pas y être relié d’ici ; choisissez-en un autre par --cluster',
  ],
  ['{0} cannot be made ready: {1}', '{0} ne peut pas être préparé : {1}'],
  ['--properties-file {0} cannot be read: {1}', '--properties-file {0} ne peut pas être lu : {1}'],
  [
    '{0} is of another version: it has no {1}; build it anew with ./mvnw -pl spark -DskipTests package',
    '{0} est d’une autre version : il n’a pas {1} ; reconstruisez-le avec ./mvnw -pl spark -DskipTests package',
  ],
  ['{0} cannot be read', '{0} ne peut pas être lu'],
  ['Spark\'s launcher refuses these arguments', 'Le lanceur de Spark refuse ces arguments'],
  ['Spark was being started', 'Spark était en cours de démarrage'],
  [
    'SPARK_HOME is {0}, which has no bin/{1}; set it to a whole distribution of Spark {2}, as pip install pyspark=={3} brings one',
    'SPARK_HOME est {0}, qui n’a pas de bin/{1} ; donnez-lui une distribution entière de Spark {2}, comme pip install pyspark=={3} en apporte une',
  ],
  [
    '{0} needs a whole distribution of Spark {1}x, and {2} has {3}: pip install pyspark=={4}, or set SPARK_HOME to one',
    '{0} a besoin d’une distribution entière de Spark {1}x, et {2} a {3} : pip install pyspark=={4}, ou donnez-en une à SPARK_HOME',
  ],
  ['Spark was being looked for', 'Spark était en cours de recherche'],
];
